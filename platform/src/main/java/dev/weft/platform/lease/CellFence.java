package dev.weft.platform.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jboss.logging.Logger;

/**
 * The exclusive side of the cell's lock: whoever gets it knows that no guarded transaction is open
 * any more. Sessions that keep it waiting for more than a second are ended, since a writer that
 * hangs must not stop the cell.
 */
public final class CellFence {
  private static final Logger LOG = Logger.getLogger(CellFence.class);
  private static final String REFUSED = "WF001";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int MOST_TRIES = 5;

  private CellFence() {}

  /**
   * True if {@code guard} refused because the epoch is over: this process must stop writing to the
   * cell.
   */
  public static boolean refused(SQLException failure) {
    return REFUSED.equals(failure.getSQLState());
  }

  /**
   * Returns when every guarded transaction that began before has ended. After the reply to a commit
   * was lost, what reads find afterwards is what counts.
   *
   * @param connection in auto-commit, not the one whose commit is in doubt
   */
  public static void settle(Connection connection, int cell, String role) throws SQLException {
    whileEndingWriters(
        connection,
        cell,
        role,
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT settle_cell(?, ?)")) {
            bind(statement, cell, role);
            return statement.execute();
          }
        });
  }

  /**
   * Runs what needs the exclusive lock; each time it times out, the sessions in its way are ended.
   */
  static <T> T whileEndingWriters(Connection connection, int cell, String role, Locking<T> action)
      throws SQLException {
    for (int left = MOST_TRIES; ; left--) {
      try {
        return action.run();
      } catch (SQLException e) {
        if (left == 0 || !LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
          throw e;
        }
        LOG.warnf(
            "sessions that kept a cell's lock ended role=%s cell=%d count=%d",
            role, cell, endWriters(connection, cell, role));
      }
    }
  }

  private static long endWriters(Connection connection, int cell, String role) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT end_cell_writers(?, ?)")) {
      bind(statement, cell, role);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static void bind(PreparedStatement statement, int cell, String role) throws SQLException {
    statement.setInt(1, cell);
    statement.setString(2, role);
  }

  /** A step that may fail with "lock not available". */
  @FunctionalInterface
  interface Locking<T> {
    T run() throws SQLException;
  }
}
