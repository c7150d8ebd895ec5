package dev.weft.platform.lease;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** A schema that holds the lease's migration and a table to write to. */
final class CellSchema {
  static final String ROLE = "tester";
  private static final String NAME = "registry";

  private final DatabaseAccess access;

  CellSchema(ScratchDatabase database) {
    this.access = database.service(NAME);
  }

  /** Runs the migration if it hasn't been run, and empties the tables. */
  void reset() throws SQLException {
    if (!migrated()) {
      execute(migration());
      execute("CREATE TABLE note (id integer PRIMARY KEY, text text)");
    }
    execute("TRUNCATE cell_lease, note");
  }

  private boolean migrated() throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT to_regclass('note') IS NOT NULL")) {
      found.next();
      return found.getBoolean(1);
    }
  }

  LeaseDatabase database() {
    return new LeaseDatabase(
        access.host(),
        access.port(),
        access.database(),
        access.user(),
        access.password(),
        NAME,
        "lease-test");
  }

  Connection open() throws SQLException {
    return database().open();
  }

  void ensureRow() throws SQLException {
    execute(
        "INSERT INTO cell_lease VALUES (0, '" + ROLE + "', 0, '', '', 0) ON CONFLICT DO NOTHING");
  }

  /** What a takeover by another process leaves. */
  void overtake(String holder) throws SQLException {
    ensureRow();
    execute(
        "SELECT seize_cell_lease(0, '"
            + ROLE
            + "', epoch, beat, '"
            + holder
            + "', '') FROM cell_lease");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String migration() {
    try (InputStream script =
        Objects.requireNonNull(
            CellSchema.class.getResourceAsStream("/db/cell/V0_1__cell_lease.sql"))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
