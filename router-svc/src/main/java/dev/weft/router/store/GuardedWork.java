package dev.weft.router.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Short guarded transactions beside the journal's, which wait for no lock for long. */
final class GuardedWork {
  private static final String SETTINGS = "SET LOCAL lock_timeout = '300ms'";

  private final Connection connection;
  private final CellGuard guard;

  GuardedWork(Connection connection, CellGuard guard) {
    this.connection = connection;
    this.guard = guard;
  }

  /** All of it or nothing. */
  <T> T transaction(Step<T> step) throws SQLException {
    execute("BEGIN");
    try {
      execute(SETTINGS);
      guard.check(connection);
      T result = step.run();
      execute("COMMIT");
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        execute("ROLLBACK");
      } catch (SQLException broken) {
        e.addSuppressed(broken);
      }
      throw e;
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a changing statement; returns its count. */
  long update(String sql, Binding binding) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      binding.bind(new Params(statement));
      return statement.executeLargeUpdate();
    }
  }

  <T> List<T> query(String sql, Binding binding, Row<T> row) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      binding.bind(new Params(statement));
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row.read(result));
        }
      }
      return rows;
    }
  }

  /** What runs inside a transaction. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws SQLException;
  }

  /** Sets parameters. */
  @FunctionalInterface
  interface Binding {
    /** There are none. */
    Binding NONE = params -> {};

    void bind(Params params) throws SQLException;
  }

  /** Reads one row of a result. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }
}
