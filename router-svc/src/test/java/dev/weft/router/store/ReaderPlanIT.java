package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.CellReader.RequestKey;
import dev.weft.router.app.CostQuery;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.LetterFilter;
import dev.weft.router.app.LetterQuery;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.StoredTask;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reads cost when much is stored, and when the statistics mislead. */
@WithPostgres
class ReaderPlanIT {
  private static final int OTHERS = 20_000;

  private final StoreDatabase store;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private TaskId mine;

  ReaderPlanIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
  }

  /** One tenant owns nearly all; the tables are analysed, so the planner knows it. */
  @BeforeEach
  void crowd() throws SQLException {
    store.emptied();
    long epoch = store.raiseEpoch();
    store.journal().loadOpen(epoch, new LoadedRows());
    BatchDraft draft = memory.next();
    mine = draft.admit(BatchDraft.TENANT, "key");
    store.journal().commit(epoch, draft.done());
    BatchDraft crowd = memory.next();
    for (int i = 0; i < OTHERS; i++) {
      crowd.admit("ten_crowd", "");
    }
    store.journal().commit(epoch, crowd.done());
    store.journal().close();
    store.execute("ANALYZE");
    store.awaitNoSession();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void smallTenantsPageDoesNotWalkTheCrowd() throws SQLException {
    long before = rowsRead();

    for (int i = 0; i < 10; i++) {
      PageQuery query = new PageQuery(BatchDraft.TENANT, Set.of(), Optional.empty(), 50);
      List<StoredTask> page = get(store.reader().page(query)).tasks();
      assertThat(page).extracting(task -> task.row().id()).containsExactly(mine);
    }

    assertThat(rowsReadAfter(before)).isLessThan(1_000);
  }

  @Test
  void lookUpsReadOnlyWhatTheyReturn() throws SQLException {
    long before = rowsRead();

    for (int i = 0; i < 10; i++) {
      assertThat(get(store.reader().task(BatchDraft.TENANT, mine))).isPresent();
      assertThat(get(store.reader().tasks(BatchDraft.TENANT, Set.of(mine)))).hasSize(1);
      assertThat(get(store.reader().existing(Set.of(mine)))).hasSize(1);
      assertThat(get(store.reader().specs(Set.of(mine)))).hasSize(1);
      assertThat(get(store.reader().keys(Set.of(new RequestKey(BatchDraft.TENANT, "key")))))
          .hasSize(1);
      assertThat(get(store.reader().events(BatchDraft.TENANT, mine, EventCursor.START)).steps())
          .hasSize(1);
    }

    assertThat(rowsReadAfter(before)).isLessThan(1_000);
  }

  @Test
  void smallTenantsCostsAreSummedUpWithoutTheCrowds() throws SQLException {
    long before = rowsRead();

    for (CostGroup group : CostGroup.values()) {
      CostQuery query =
          new CostQuery(
              Optional.of(BatchDraft.TENANT),
              group,
              Instant.now().minus(Duration.ofHours(24)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              50);
      assertThat(get(store.costs().costs(query)).lines()).isEmpty();
    }

    assertThat(rowsReadAfter(before)).isLessThan(1_000);
  }

  @Test
  void letterInAQueueOfSettledOnesIsFoundWithoutThem() throws SQLException {
    store.execute(
        "INSERT INTO dead_letter (task, tenant, attempts, code, reason, message, metadata, settled,"
            + " redriven_as) SELECT id, tenant, 1, 13, 'X', '', '', now(), gen_random_uuid()"
            + " FROM task WHERE tenant = 'ten_crowd'");
    store.execute(
        "INSERT INTO dead_letter (task, tenant, attempts, code, reason, message, metadata)"
            + " SELECT id, 'ten_crowd', 1, 13, 'X', '', '' FROM task WHERE tenant <> 'ten_crowd'");
    store.execute("ANALYZE");
    store.awaitNoSession();
    long before = rowsRead();

    for (int i = 0; i < 10; i++) {
      LetterQuery query =
          new LetterQuery("ten_crowd", LetterFilter.ANY, false, Optional.empty(), 50);
      assertThat(get(store.letters().letters(query)).letters()).hasSize(1);
      assertThat(get(store.reader().task(BatchDraft.TENANT, mine))).isPresent();
    }

    assertThat(rowsReadAfter(before)).isLessThan(1_000);
  }

  @Test
  void pageOfARareStateLooksAtABoundedNumber() throws SQLException {
    long before = rowsRead();
    PageQuery query = new PageQuery("ten_crowd", Set.of(TaskState.FAILED), Optional.empty(), 50);

    assertThat(get(store.reader().page(query)).next()).isPresent();

    assertThat(rowsReadAfter(before)).isBetween(1_000L, 5_000L);
  }

  private long rowsReadAfter(long before) throws SQLException {
    store.endSessions();
    return rowsRead() - before;
  }

  private long rowsRead() throws SQLException {
    return store.number(
        "SELECT sum(idx_tup_fetch + seq_tup_read + idx_tup_read) FROM"
            + " (SELECT coalesce(idx_tup_fetch, 0) AS idx_tup_fetch, seq_tup_read,"
            + " coalesce((SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes AS i"
            + " WHERE i.relid = t.relid), 0) AS idx_tup_read FROM pg_stat_user_tables AS t"
            + " WHERE t.relname ~ '^(task|request_key|event_log|dead_letter)') AS counts");
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
