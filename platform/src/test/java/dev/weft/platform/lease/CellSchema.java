package dev.weft.platform.lease;

import dev.weft.platform.testing.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

/** A schema that holds the lease's migration and a table to write to. */
final class CellSchema {
  static final String ROLE = "tester";
  private static final String NAME = "lease_test";

  private final TestPostgres postgres;

  CellSchema(TestPostgres postgres) {
    this.postgres = postgres;
  }

  void recreate() {
    postgres.execute(NAME, "DROP SCHEMA IF EXISTS " + NAME + " CASCADE; CREATE SCHEMA " + NAME);
    postgres.execute(NAME, migration());
    postgres.execute(NAME, "CREATE TABLE note (id integer PRIMARY KEY, text text)");
  }

  LeaseDatabase database() {
    return new LeaseDatabase(
        TestPostgres.HOST, postgres.port(), TestPostgres.DATABASE, TestPostgres.USER, "", NAME, "lease-test");
  }

  Connection open() throws SQLException {
    return database().open();
  }

  void ensureRow() {
    postgres.execute(NAME, "INSERT INTO cell_lease VALUES (0, '" + ROLE + "', 0, '', '', 0) ON CONFLICT DO NOTHING");
  }

  /** What a takeover by another process leaves. */
  void overtake(String holder) {
    ensureRow();
    postgres.execute(
        NAME, "SELECT seize_cell_lease(0, '" + ROLE + "', epoch, beat, '" + holder + "', '') FROM cell_lease");
  }

  private static String migration() {
    try (InputStream script =
        Objects.requireNonNull(CellSchema.class.getResourceAsStream("/db/cell/V0_1__cell_lease.sql"))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
