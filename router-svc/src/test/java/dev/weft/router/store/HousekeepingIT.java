package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.lease.CellFence;
import dev.weft.platform.lease.HeldLease;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.StoredTask;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Days ahead, rows that move, days that go. */
@WithPostgres
class HousekeepingIT {
  private static final int RETENTION = 7;
  private static final int LONG_OPEN = 4;
  private static final int EXPIRED = 9;
  private static final TaskProgress CANCELLED =
      new TaskProgress(TaskState.CANCELLED, 0, 0, 0, null, 0);

  private final StoreDatabase store;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private long epoch;
  private long nextLow = 1;

  HousekeepingIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
  }

  @BeforeEach
  void open() throws SQLException {
    store.emptied();
    epoch = store.raiseEpoch();
    store.journal().loadOpen(epoch, new LoadedRows());
    makeDay(LONG_OPEN);
    makeDay(EXPIRED);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void daysAreMadeAheadBySeveralReplicasAtOnce() throws SQLException {
    store.execute(
        "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['task', 'event_log'] LOOP"
            + " EXECUTE 'DROP TABLE ' || partition_name(t,"
            + " (now() AT TIME ZONE 'UTC')::date + 3); END LOOP; END $$");
    List<CompletableFuture<Void>> replicas =
        List.of(keepingInBackground(), keepingInBackground(), keepingInBackground());

    replicas.forEach(CompletableFuture::join);

    for (String table :
        List.of(
            "task",
            "task_spec",
            "attempt",
            "result",
            "request_key",
            "event_log",
            "decision",
            "shape_wait",
            "worker_history")) {
      for (int ahead = -1; ahead <= 3; ahead++) {
        assertThat(exists(table, -ahead)).as(table + " " + ahead).isTrue();
      }
    }
  }

  @Test
  void whatStaysOpenMovesAndIsStillFoundInEveryWay() throws SQLException {
    Old open = old(LONG_OPEN);

    keep();

    assertThat(count("task_old")).isEqualTo(1);
    assertThat(count("task_spec_old")).isEqualTo(1);
    assertThat(count("attempt_old")).isEqualTo(1);
    assertThat(count(table("task", LONG_OPEN))).isZero();
    StoredTask task = get(store.reader().task(BatchDraft.TENANT, open.id)).orElseThrow();
    assertThat(task.spec()).isEqualTo(BatchDraft.spec(open.id));
    assertThat(get(store.reader().attempts(open.id))).hasSize(1);
    assertThat(get(store.reader().existing(Set.of(open.id)))).containsExactly(open.id);
    assertThat(get(store.reader().specs(Set.of(open.id)))).hasSize(1);
    assertThat(get(store.reader().page(all())).tasks()).hasSize(1);
    assertThat(get(store.reader().events(BatchDraft.TENANT, open.id, EventCursor.START)).steps())
        .hasSize(2);
    LoadedRows loaded = load();
    assertThat(loaded.tasks).containsOnlyKeys(open.id);
    assertThat(loaded.failedOn).containsOnlyKeys(open.id);
  }

  @Test
  void takeoverFindsWhatHasMovedWhateverTheBucketsSay() throws SQLException {
    Old open = old(LONG_OPEN);
    keep();

    store.journal().commit(epoch, memory.next().buckets(List.of(), memory.newId().bucket()).done());

    assertThat(load().tasks).containsOnlyKeys(open.id);
  }

  @Test
  void oldTaskIsChangedWhereverItLies() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    Old inPlace = old(LONG_OPEN);
    BatchDraft draft = memory.next();
    TaskId recent = draft.admit();
    for (Old open : List.of(moved, inPlace)) {
      TaskProgress leased = new TaskProgress(TaskState.LEASED, 0, 1, 0, draft.lease(2), 1);
      draft.change(open.id, leased);
    }

    store.journal().commit(epoch, draft.done());

    assertThat(load().tasks.values())
        .extracting(task -> task.row().progress().state())
        .containsExactlyInAnyOrder(TaskState.LEASED, TaskState.LEASED, TaskState.QUEUED);
    assertThat(load().tasks).containsOnlyKeys(recent, moved.id, inPlace.id);
  }

  @Test
  void oldTaskThatStandsElsewhereIsAMismatchAndNothingIsWritten() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    draft.admit();
    draft.change(moved.id, 99, CANCELLED);

    assertThatThrownBy(
            () -> store.journal().commit(epoch, draft.batch(memory.commitOf(moved.id) + 1)))
        .isInstanceOf(JournalException.Mismatch.class);

    assertThat(load().tasks).containsOnlyKeys(moved.id);
  }

  @Test
  void oldTaskEndsWithItsResultInTheTwin() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(2);

    store.journal().commit(epoch, draft.succeed(moved.id, lease, "late").done());

    StoredTask task = get(store.reader().task(BatchDraft.TENANT, moved.id)).orElseThrow();
    assertThat(task.result()).contains(BatchDraft.document("late"));
    assertThat(load().tasks).isEmpty();
  }

  @Test
  void rowThatTheJournalIsChangingIsLeftForTheNextTime() throws SQLException {
    Old open = old(LONG_OPEN);
    try (Connection other = store.database().open()) {
      other.setAutoCommit(false);
      other.createStatement().execute("SELECT * FROM task WHERE id = '" + open.id + "' FOR UPDATE");

      keep();

      assertThat(count("task_old")).isZero();
      other.rollback();
    }
    keep();
    assertThat(count("task_old")).isEqualTo(1);
  }

  @Test
  void movingUnderAnOldEpochIsRefused() throws SQLException {
    old(LONG_OPEN);
    store.raiseEpoch();

    assertThatThrownBy(this::keep)
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(CellFence.refused(e)).isTrue());

    assertThat(count("task_old")).isZero();
  }

  @Test
  void standbyMovesAndDropsNothing() throws SQLException {
    old(LONG_OPEN);
    old(EXPIRED);

    new Housekeeping(store.database(), Optional::empty, RETENTION).keep();

    assertThat(count("task_old")).isZero();
    assertThat(exists("task", EXPIRED)).isTrue();
  }

  @Test
  void expiredDayIsDroppedWithItsDeadLettersAndWhatIsOpenOutlivesIt() throws SQLException {
    Old ended = old(EXPIRED);
    Old open = old(EXPIRED);
    Old younger = old(LONG_OPEN);
    BatchDraft draft = memory.next();
    for (Old failed : List.of(ended, younger)) {
      draft.deadLetter(failed.id, 1);
      draft.change(failed.id, new TaskProgress(TaskState.FAILED, 0, 1, 0, failed.lease, 1));
    }
    store.journal().commit(epoch, draft.done());

    keep();

    for (String table : List.of("task", "task_spec", "attempt", "result")) {
      assertThat(exists(table, EXPIRED)).as(table).isFalse();
      assertThat(exists(table, LONG_OPEN)).as(table).isTrue();
    }
    assertThat(load().tasks).containsOnlyKeys(open.id);
    assertThat(get(store.reader().task(BatchDraft.TENANT, ended.id))).isEmpty();
    assertThat(store.number("SELECT count(*) FROM dead_letter")).isEqualTo(1);
    assertThat(get(store.reader().task(BatchDraft.TENANT, younger.id)).orElseThrow().problem())
        .contains(BatchDraft.PROBLEM);
  }

  @Test
  void whatHasMovedAndEndedIsDeletedAfterTheRetention() throws SQLException {
    Old open = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    store.journal().commit(epoch, draft.succeed(open.id, draft.lease(2), "late").done());
    keep();
    assertThat(count("task_old")).isEqualTo(1);
    store.execute("UPDATE task_old SET updated = updated - interval '8 days'");

    keep();

    for (String table : List.of("task_old", "task_spec_old", "attempt_old", "result_old")) {
      assertThat(count(table)).as(table).isZero();
    }
  }

  @Test
  void daysOfCommitsAndKeysAreDroppedByTheirOwnAge() throws SQLException {
    store.execute(
        "SELECT ensure_partition('request_key', "
            + day(3)
            + ", ("
            + day(3)
            + ")::text, ("
            + day(2)
            + ")::text, '')");
    store.execute(
        "SELECT ensure_partition('event_log', "
            + day(8)
            + ", ("
            + day(8)
            + ")::text, ("
            + day(7)
            + ")::text, '')");
    store.execute(
        "SELECT ensure_partition('decision', "
            + day(7)
            + ", ("
            + day(7)
            + ")::text, ("
            + day(6)
            + ")::text, '')");

    store.execute(
        "SELECT ensure_partition('worker_history', "
            + day(8)
            + ", ("
            + day(8)
            + ")::text, ("
            + day(7)
            + ")::text, '')");

    keep();

    assertThat(exists("worker_history", 8)).isFalse();
    assertThat(exists("request_key", 3)).isFalse();
    assertThat(exists("request_key", 1)).isTrue();
    assertThat(exists("event_log", 8)).isFalse();
    assertThat(exists("decision", 7)).isTrue();
  }

  /** By then no task is kept that ran on such a worker, and one that exists is seen every day. */
  @Test
  void pricesGoWhenTheirWorkerWasNotSeenForLong() throws SQLException {
    store.execute(
        "INSERT INTO worker_price (worker, since, micros_per_hour, currency, name, seen) VALUES"
            + " (gen_random_uuid(), '-infinity', 1, 'USD', 'gone', now() - interval '401 days'),"
            + " (gen_random_uuid(), '-infinity', 1, 'USD', 'here', now() - interval '399 days')");

    keep();

    assertThat(store.number("SELECT count(*) FROM worker_price WHERE name = 'here'")).isEqualTo(1);
    assertThat(store.number("SELECT count(*) FROM worker_price")).isEqualTo(1);
  }

  @Test
  void aModelsPriceGoesWhenTheNextOneHasCountedForLong() throws SQLException {
    store.execute(
        "INSERT INTO model_price (model, since, version, currency, input, output, author) VALUES"
            + " ('small', now() - interval '900 days', 1, 'USD', 1, 1, 'ops/root'),"
            + " ('small', now() - interval '401 days', 2, 'USD', 2, 2, 'ops/root'),"
            + " ('small', now() - interval '399 days', 3, 'USD', 3, 3, 'ops/root'),"
            + " ('large', now() - interval '900 days', 4, '', 0, 0, 'ops/root')");

    keep();

    assertThat(store.number("SELECT count(*) FROM model_price WHERE version IN (2, 3, 4)"))
        .isEqualTo(3);
    assertThat(store.number("SELECT count(*) FROM model_price")).isEqualTo(3);
  }

  @Test
  void tokensGoWithTheRetentionButForThoseOfTasksThatAreOpen() throws SQLException {
    Old open = old(LONG_OPEN);
    keep();
    store.execute(
        ("INSERT INTO token_use (task, number, model, input, output, updated) VALUES"
                + " ('%s', 1, 'small', 1, 2, now() - interval '8 days'),"
                + " (gen_random_uuid(), 1, 'gone', 1, 2, now() - interval '8 days'),"
                + " (gen_random_uuid(), 1, 'kept', 1, 2, now() - interval '6 days')")
            .formatted(open.id));

    keep();

    assertThat(count("token_use WHERE model = 'small'")).isEqualTo(1);
    assertThat(count("token_use WHERE model = 'kept'")).isEqualTo(1);
    assertThat(count("token_use")).isEqualTo(2);
  }

  @Test
  void agentsAndCommandsGoSomeDaysAfterTheirEndAndNothingThatIsOpen() throws SQLException {
    String gone = agent(7, "now() - interval '8 days'", "NULL");
    String kept = agent(7, "now() - interval '6 days'", "NULL");
    String asleep = agent(5, "now() - interval '400 days'", "NULL");
    String buried = agent(7, "now() - interval '8 days'", "gen_random_uuid()");
    command(gone, "old", "now() - interval '8 days'");
    command(asleep, "old", "now() - interval '8 days'");
    command(asleep, "late", "now() - interval '6 days'");
    command(asleep, "open", "NULL");

    keep();

    assertThat(
            store.number(
                "SELECT count(*) FROM agent WHERE id IN ('%s', '%s', '%s')"
                    .formatted(kept, asleep, buried)))
        .isEqualTo(3);
    assertThat(count("agent")).isEqualTo(3);
    assertThat(count("agent_command WHERE agent = '" + gone + "'")).isZero();
    assertThat(count("agent_command WHERE agent = '" + asleep + "'")).isEqualTo(2);
  }

  private String agent(int state, String since, String task) throws SQLException {
    String id = UUID.randomUUID().toString();
    store.execute(
        "INSERT INTO agent (id, tenant, principal, request_id, spec, traceparent, state,"
            + " state_since, body, body_task) VALUES ('%s', 't', 'p', '', '', '', %d, %s, 1, %s)"
                .formatted(id, state, since, task));
    return id;
  }

  private void command(String agent, String id, String ended) throws SQLException {
    store.execute(
        "INSERT INTO agent_command (agent, command_id, position, tenant, principal, words,"
            + " traceparent, state, body, ended) VALUES"
            + " ('%s', '%s', 1, 't', 'p', '', '', 3, 1, %s)".formatted(agent, id, ended));
  }

  @Test
  void everyTableHasARetention() throws SQLException {
    // By days, with their twins; by age or with the days; by the placer; one row a cell.
    Set<String> known =
        Set.of(
            "task",
            "task_spec",
            "attempt",
            "result",
            "request_key",
            "event_log",
            "decision",
            "shape_wait",
            "worker_history",
            "task_old",
            "task_spec_old",
            "attempt_old",
            "result_old",
            "token_use",
            "dead_letter",
            "worker_drain",
            "worker_price",
            "model_price",
            "policy",
            "placement_policy",
            "agent",
            "agent_command",
            "tenant_budget",
            "tenant_token_budget",
            "tenant_tier",
            "shard",
            "shard_user",
            "shard_version",
            "shape",
            "cell_head",
            "open_bucket",
            "cell_lease",
            "flyway_schema_history");
    String list = "'" + String.join("','", known) + "'";

    assertThat(
            store.number(
                "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
                    + " AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ("
                    + list
                    + ")"))
        .isZero();
  }

  private record Old(TaskId id, LeaseRef lease) {}

  /** A waiting task of some days ago whose first attempt has failed. */
  private Old old(int daysAgo) {
    long millis = Instant.now().minusSeconds(daysAgo * 86_400L).toEpochMilli();
    TaskId id = new TaskId((millis << 16) | 0x7000, nextLow++);
    BatchDraft admit = memory.next();
    admit.admit(id, BatchDraft.TENANT, "", null);
    store.journal().commit(epoch, admit.done());
    BatchDraft fail = memory.next();
    LeaseRef lease = fail.lease(1);
    fail.end(id, lease, AttemptState.FAILED, "output");
    fail.change(id, new TaskProgress(TaskState.QUEUED, 0, 1, 0, lease, 1));
    store.journal().commit(epoch, fail.done());
    return new Old(id, lease);
  }

  private void makeDay(int daysAgo) throws SQLException {
    String day = day(daysAgo);
    for (String table : List.of("task", "task_spec", "attempt", "result")) {
      store.execute(
          "SELECT ensure_partition('%s', %s, first_id_of(%s)::text, first_id_of(%s + 1)::text, '')"
              .formatted(table, day, day, day));
    }
  }

  private static String day(int daysAgo) {
    return "((now() AT TIME ZONE 'UTC')::date - " + daysAgo + ")";
  }

  private static String table(String parent, int daysAgo) {
    return new DayPartition(LocalDate.now(ZoneOffset.UTC)).minusDays(daysAgo).table(parent);
  }

  private boolean exists(String table, int daysAgo) throws SQLException {
    return store.number(
            "SELECT count(to_regclass(partition_name('" + table + "', " + day(daysAgo) + ")))")
        == 1;
  }

  private long count(String table) throws SQLException {
    return store.number("SELECT count(*) FROM " + table);
  }

  private void keep() throws SQLException {
    HeldLease lease = new HeldLease(StoreDatabase.CELL, StoreDatabase.ROLE, epoch);
    new Housekeeping(store.database(), () -> Optional.of(lease), RETENTION).keep();
  }

  private CompletableFuture<Void> keepingInBackground() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            keep();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private LoadedRows load() {
    LoadedRows rows = new LoadedRows();
    store.journal().loadOpen(epoch, rows);
    return rows;
  }

  private static PageQuery all() {
    return new PageQuery(BatchDraft.TENANT, Set.of(), Optional.empty(), 10);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
