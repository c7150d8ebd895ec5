package dev.weft.router.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What every writing transaction of the cell begins with. */
record CellGuard(int cell, String role, long epoch) {
  static final String SQL = "SELECT guard(?, ?, ?)";

  void bind(Params params) throws SQLException {
    params.integer(cell).text(role).number(epoch);
  }

  /** Runs it by itself; the caller has begun the transaction. */
  void check(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      bind(new Params(statement));
      statement.execute();
    }
  }
}
