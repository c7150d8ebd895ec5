package dev.weft.router.store;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.lease.HeldLease;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with days that are past, for those who keep its tables. */
@WithPostgres
abstract class PastDays {
  static final int RETENTION = 7;
  static final int LONG_OPEN = 4;
  static final int EXPIRED = 9;

  final StoreDatabase store;
  final BatchDraft.Memory memory = new BatchDraft.Memory();
  long epoch;
  private long nextLow = 1;

  PastDays(ScratchDatabase scratch) {
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

  record Old(TaskId id, LeaseRef lease) {}

  /** A waiting task of some days ago whose first attempt has failed. */
  Old old(int daysAgo) {
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

  void makeDay(int daysAgo) throws SQLException {
    String day = day(daysAgo);
    for (String table : List.of("task", "task_spec", "attempt", "result")) {
      store.execute(
          "SELECT ensure_partition('%s', %s, first_id_of(%s)::text, first_id_of(%s + 1)::text, '')"
              .formatted(table, day, day, day));
    }
  }

  static String day(int daysAgo) {
    return "((now() AT TIME ZONE 'UTC')::date - " + daysAgo + ")";
  }

  long count(String table) throws SQLException {
    return store.number("SELECT count(*) FROM " + table);
  }

  void keep() throws SQLException {
    HeldLease lease = new HeldLease(StoreDatabase.CELL, StoreDatabase.ROLE, epoch);
    new Housekeeping(store.database(), () -> Optional.of(lease), RETENTION).keep();
  }

  LoadedRows load() {
    LoadedRows rows = new LoadedRows();
    store.journal().loadOpen(epoch, rows);
    return rows;
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
