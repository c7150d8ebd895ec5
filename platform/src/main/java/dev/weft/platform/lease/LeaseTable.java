package dev.weft.platform.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** The lease's row over one connection in auto-commit: each call is one transaction. */
final class LeaseTable {
  private final Connection connection;
  private final int cell;
  private final String role;

  LeaseTable(Connection connection, int cell, String role) {
    this.connection = connection;
    this.cell = cell;
    this.role = role;
  }

  /** Makes the row of a cell that nobody has held yet. */
  void ensureRow() throws SQLException {
    try (PreparedStatement statement =
        prepare("INSERT INTO cell_lease VALUES (?, ?, 0, '', '', 0) ON CONFLICT DO NOTHING")) {
      statement.executeUpdate();
    }
  }

  LeaseRow read() throws SQLException {
    try (PreparedStatement statement =
            prepare(
                "SELECT epoch, holder, address, beat FROM cell_lease WHERE cell = ? AND role = ?");
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("cell_lease " + role + "/" + cell + ": no row (expected: one)");
      }
      return new LeaseRow(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4));
    }
  }

  /** Shows that the holder lives; refused (see {@link CellFence#refused}) if the epoch is over. */
  void beat(long epoch) throws SQLException {
    try (PreparedStatement statement = prepare("SELECT beat_cell_lease(?, ?, ?)")) {
      statement.setLong(3, epoch);
      statement.execute();
    }
  }

  /**
   * Takes the lease from the state that was seen, or gives it free with an empty holder.
   *
   * @return the new epoch, empty if the row has changed since
   */
  OptionalLong seize(LeaseRow seen, String holder, String address) throws SQLException {
    return CellFence.whileEndingWriters(
        connection, cell, role, () -> seizeOnce(seen, holder, address));
  }

  private OptionalLong seizeOnce(LeaseRow seen, String holder, String address) throws SQLException {
    try (PreparedStatement statement = prepare("SELECT seize_cell_lease(?, ?, ?, ?, ?, ?)")) {
      statement.setLong(3, seen.epoch());
      statement.setLong(4, seen.beat());
      statement.setString(5, holder);
      statement.setString(6, address);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        long epoch = result.getLong(1);
        return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(epoch);
      }
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setInt(1, cell);
    statement.setString(2, role);
    return statement;
  }
}
