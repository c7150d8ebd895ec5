package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.TaskId;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a group commit costs: round trips, statements, plans. */
@WithPostgres
class JournalWireIT {
  private static final int COMMITS = 10;
  private static final int MANY_COMMITS = 60;
  private static final int GROUP = 35;

  private final StoreDatabase direct;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private WireTap tap;
  private long epoch;

  JournalWireIT(ScratchDatabase scratch) {
    direct = new StoreDatabase(scratch);
  }

  @BeforeEach
  void empty() throws SQLException, IOException {
    direct.emptied();
    tap = new WireTap(direct.database().port());
    epoch = direct.raiseEpoch();
    direct.journal().loadOpen(epoch, new LoadedRows());
  }

  @AfterEach
  void close() {
    direct.close();
    tap.close();
  }

  @Test
  void groupCommitIsOneRoundTripOfFourPreparedStatements() {
    try (PgCellJournal journal = tapped()) {
      Flow flow = new Flow(journal);
      flow.commits(3);
      tap.count();

      flow.commits(COMMITS);

      assertThat(tap.roundTrips()).isEqualTo(COMMITS);
      // BEGIN, guard, the writes, COMMIT.
      assertThat(tap.sent('E')).isEqualTo(4 * COMMITS);
      assertThat(tap.sent('B')).isEqualTo(4 * COMMITS);
      assertThat(tap.sent('S')).isEqualTo(COMMITS);
      assertThat(tap.sent('P')).as("parsed anew").isZero();
      assertThat(tap.sent('Q')).isZero();
    }
  }

  @Test
  void groupCommitUsesOneGenericPlanForEver() throws SQLException {
    try (JournalSession session =
        JournalSession.open(direct.database(), 0, StoreDatabase.ROLE, Ticker.system())) {
      CellGuard guard = new CellGuard(0, StoreDatabase.ROLE, epoch);
      new Flow((epoch, batch) -> session.write(guard, batch)).commits(COMMITS);

      try (Statement query = session.connection().createStatement();
          ResultSet row =
              query.executeQuery(
                  "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements"
                      + " WHERE statement LIKE '%WITH head%' OR statement LIKE '%guard(%'")) {
        row.next();
        assertThat(row.getLong(1)).isGreaterThanOrEqualTo(2 * COMMITS);
        assertThat(row.getLong(2)).isZero();
      }
    }
  }

  @Test
  void groupCommitScansNoTable() throws SQLException {
    Flow flow = new Flow(direct.journal()::commit);
    flow.commits(2);
    direct.journal().close();
    direct.awaitNoSession();
    long sequential = scans("seq_scan");
    long indexed = scans("idx_scan");

    flow.commits(COMMITS);
    direct.journal().close();
    direct.awaitNoSession();

    assertThat(scans("idx_scan")).isGreaterThan(indexed);
    assertThat(scans("seq_scan")).isEqualTo(sequential);
  }

  @Test
  void groupCommitIsOneFlush() throws SQLException {
    Flow flow = new Flow(direct.journal()::commit);
    flow.commits(3);
    direct.journal().close();
    direct.awaitNoSession();
    long before = direct.number("SELECT wal_sync FROM pg_stat_wal");

    flow.commits(MANY_COMMITS);
    direct.journal().close();
    direct.awaitNoSession();

    long flushes = direct.number("SELECT wal_sync FROM pg_stat_wal") - before;
    // Others flush as well: the server's own writers, and the new session that makes partitions.
    assertThat(flushes).isBetween(MANY_COMMITS / 2L, MANY_COMMITS * 3L / 2);
  }

  private long scans(String column) throws SQLException {
    return direct.number(
        "SELECT coalesce(sum("
            + column
            + "), 0) FROM pg_stat_user_tables"
            + " WHERE relname ~ '^(task|result|event_log|attempt)_'");
  }

  private PgCellJournal tapped() {
    LeaseDatabase at = direct.database();
    return new PgCellJournal(
        new LeaseDatabase(
            at.host(), tap.port(), at.name(), at.user(), at.password(), at.schema(), "tapped"),
        0,
        StoreDatabase.ROLE,
        Ticker.system());
  }

  private interface Write {
    Object commit(long epoch, GroupCommit batch) throws SQLException;
  }

  /** Every commit admits a group on the fast path and ends the one before. */
  private final class Flow {
    private final Write write;
    private List<TaskId> running = new ArrayList<>();
    private LeaseRef lease;

    Flow(PgCellJournal journal) {
      this(journal::commit);
    }

    Flow(Write write) {
      this.write = write;
    }

    void commits(int count) {
      for (int i = 0; i < count; i++) {
        BatchDraft draft = memory.next();
        for (TaskId id : running) {
          draft.succeed(id, lease, "fine");
        }
        lease = draft.lease(1);
        running = new ArrayList<>();
        for (int task = 0; task < GROUP; task++) {
          running.add(draft.admit(memory.newId(), BatchDraft.TENANT, "", lease));
        }
        try {
          write.commit(epoch, draft.decision(BatchDraft.TENANT, "why").done());
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
