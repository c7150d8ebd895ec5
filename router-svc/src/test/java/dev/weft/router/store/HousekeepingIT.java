package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.TaskState;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Days ahead, and what goes with the retention. */
@WithPostgres
class HousekeepingIT extends PastDays {

  HousekeepingIT(ScratchDatabase scratch) {
    super(scratch);
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
      draft.deadLetter(failed.id(), 1);
      draft.change(failed.id(), new TaskProgress(TaskState.FAILED, 0, 1, 0, failed.lease(), 1));
    }
    store.journal().commit(epoch, draft.done());

    keep();

    for (String table : List.of("task", "task_spec", "attempt", "result")) {
      assertThat(exists(table, EXPIRED)).as(table).isFalse();
      assertThat(exists(table, LONG_OPEN)).as(table).isTrue();
    }
    assertThat(load().tasks).containsOnlyKeys(open.id());
    assertThat(get(store.reader().task(BatchDraft.TENANT, ended.id()))).isEmpty();
    assertThat(store.number("SELECT count(*) FROM dead_letter")).isEqualTo(1);
    assertThat(get(store.reader().task(BatchDraft.TENANT, younger.id())).orElseThrow().problem())
        .contains(BatchDraft.PROBLEM);
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
  void aModelsPriceIsKeptHoweverOldSoThatEveryVersionOfTheTableCanBeRead() throws SQLException {
    store.execute(
        "INSERT INTO model_price (model, since, version, currency, input, output, author) VALUES"
            + " ('small', now() - interval '900 days', 1, 'USD', 1, 1, 'ops/root'),"
            + " ('small', now() - interval '401 days', 2, 'USD', 2, 2, 'ops/root'),"
            + " ('small', now() - interval '399 days', 3, 'USD', 3, 3, 'ops/root'),"
            + " ('large', now() - interval '900 days', 4, '', 0, 0, 'ops/root')");

    keep();

    assertThat(store.number("SELECT count(*) FROM model_price")).isEqualTo(4);
  }

  @Test
  void tokensAreKeptAsLongAsTheirTaskWhateverTheReportsAge() throws SQLException {
    Old gone = old(EXPIRED);
    Old open = old(EXPIRED);
    Old younger = old(LONG_OPEN);
    BatchDraft draft = memory.next();
    for (Old failed : List.of(gone, younger)) {
      draft.change(failed.id(), new TaskProgress(TaskState.FAILED, 0, 1, 0, failed.lease(), 1));
    }
    store.journal().commit(epoch, draft.done());
    store.execute(
        ("INSERT INTO token_use (task, number, model, input, output, updated) VALUES"
                + " ('%s', 1, 'gone', 1, 2, now()),"
                + " ('%s', 1, 'open', 1, 2, now() - interval '8 days'),"
                + " ('%s', 1, 'younger', 1, 2, now() - interval '8 days')")
            .formatted(gone.id(), open.id(), younger.id()));

    keep();

    assertThat(count("token_use WHERE model = 'gone'")).isZero();
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

  private boolean exists(String table, int daysAgo) throws SQLException {
    return store.number(
            "SELECT count(to_regclass(partition_name('" + table + "', " + day(daysAgo) + ")))")
        == 1;
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
}
