package dev.weft.router.store;

import dev.weft.platform.lease.CellFence;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** The journal's one connection, with the statements prepared on it. */
final class JournalSession implements AutoCloseable {
  private static final int PARTITIONS_AHEAD = 3;
  private static final int MOST_STATEMENTS = 64;
  // Open rows move when their day is three days back; a day's margin for the clock.
  private static final int RECENT_DAYS = 1;

  private final Connection connection;
  private final int cell;
  private final Ticker ticker;
  private final SequencedMap<PreparedForm, CommitStatement> statements =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Instant openTime;
  private final long openNanos;

  private JournalSession(Connection connection, int cell, Ticker ticker) throws SQLException {
    this.connection = connection;
    this.cell = cell;
    this.ticker = ticker;
    this.openTime = databaseTime();
    this.openNanos = ticker.nanos();
  }

  /** Connects, and returns once no earlier transaction of the cell is open any more. */
  static JournalSession open(LeaseDatabase database, int cell, String role, Ticker ticker)
      throws SQLException {
    Connection connection = Sessions.journal(database);
    try {
      CellFence.settle(connection, cell, role);
      JournalSession session = new JournalSession(connection, cell, ticker);
      session.ensurePartitions();
      return session;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** Writes a batch: in one round trip, unless it touches tasks of more than a day ago. */
  CommitReceipt write(CellGuard guard, GroupCommit batch) throws SQLException {
    CommitSplit split = CommitSplit.of(batch, today().minusDays(RECENT_DAYS));
    CommitStatement.Form form = CommitStatement.Form.of(split);
    if (!split.anyOld()) {
      return statement(form, true).execute(split, guard);
    }
    execute("BEGIN");
    guard.check(connection);
    CommitReceipt receipt = statement(form, false).execute(split, guard);
    new OldRows(connection).write(split);
    execute("COMMIT");
    return receipt;
  }

  /**
   * The receipt of a batch that an earlier session may have written. The number tells, since only
   * this epoch can have given it; the rows are looked at as well.
   */
  Optional<CommitReceipt> find(CellGuard guard, GroupCommit batch) throws SQLException {
    execute("BEGIN");
    guard.check(connection);
    Optional<CommitReceipt> receipt = Optional.empty();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT commit_time FROM cell_head WHERE cell = ? AND last_commit = ?")) {
      new Params(query).integer(cell).number(batch.number());
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          Instant time = row.getObject(1, OffsetDateTime.class).toInstant();
          requireRows(batch);
          receipt = Optional.of(new CommitReceipt(batch.number(), time, specs(batch)));
        }
      }
    }
    execute("COMMIT");
    return receipt;
  }

  void ensurePartitions() throws SQLException {
    execute("SELECT ensure_partitions(" + PARTITIONS_AHEAD + ")");
  }

  /** Undoes what a refused batch has begun. */
  void rollback() throws SQLException {
    execute("ROLLBACK");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It was to be given up anyway; the next session settles what this one has left.
    }
  }

  private DayPartition today() {
    long elapsed = (ticker.nanos() - openNanos) / 1_000_000;
    return DayPartition.ofMillis(openTime.toEpochMilli() + elapsed);
  }

  private CommitStatement statement(CommitStatement.Form form, boolean whole) throws SQLException {
    PreparedForm key = new PreparedForm(form, whole);
    CommitStatement known = statements.get(key);
    if (known != null) {
      return known;
    }
    if (statements.size() >= MOST_STATEMENTS) {
      statements.pollFirstEntry().getValue().close();
    }
    CommitStatement made = CommitStatement.prepare(connection, cell, form, whole);
    statements.put(key, made);
    return made;
  }

  private void requireRows(GroupCommit batch) throws SQLException {
    List<TaskId> ids = new ArrayList<>();
    batch.tasks().admitted().stream().map(AdmittedTask::row).forEach(row -> ids.add(row.id()));
    batch.tasks().changed().stream().map(ChangedTask::id).forEach(ids::add);
    String sql =
        "SELECT count(*)"
            + Twins.IDS
            + Twins.join("task", "id", "u.id", "t")
            + " WHERE t.last_commit = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      new Params(query).array(BinaryArray.ids(ids, Function.identity())).number(batch.number());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        if (row.getLong(1) != ids.size()) {
          throw new JournalException.Mismatch(
              "rows of commit %d: %d (expected: %d)"
                  .formatted(batch.number(), row.getLong(1), ids.size()));
        }
      }
    }
  }

  private List<StoredSpec> specs(GroupCommit batch) throws SQLException {
    if (batch.specsWanted().isEmpty()) {
      return List.of();
    }
    try (PreparedStatement query = connection.prepareStatement(SpecRows.SQL)) {
      new Params(query).array(BinaryArray.ids(batch.specsWanted(), Function.identity()));
      try (ResultSet rows = query.executeQuery()) {
        return SpecRows.read(rows);
      }
    }
  }

  private Instant databaseTime() throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private record PreparedForm(CommitStatement.Form form, boolean whole) {}
}
