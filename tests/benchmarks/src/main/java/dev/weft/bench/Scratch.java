package dev.weft.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database of its own in the mesh's PostgreSQL, with tables like those of the placer: a narrow
 * hot row and a spec of 1 KB. Dropped at the end.
 */
final class Scratch implements AutoCloseable {

  static final String NAME = "weft_bench";

  /** The hot row's shape and fillfactor are the placer's. */
  private static final String TABLES =
      """
      CREATE TABLE hot (
        id bigint PRIMARY KEY, worker uuid, seq bigint NOT NULL, fence bigint NOT NULL,
        last_commit bigint NOT NULL, updated timestamptz NOT NULL, started timestamptz,
        attempt integer NOT NULL, state smallint NOT NULL, tenant text NOT NULL
      ) WITH (fillfactor = 50);
      CREATE TABLE spec (
        id bigint PRIMARY KEY, created timestamptz NOT NULL, tenant text NOT NULL,
        spec bytea NOT NULL
      );
      ALTER TABLE spec ALTER COLUMN spec SET STORAGE EXTERNAL;
      CREATE SEQUENCE ids CACHE 1000;
      """;

  private final Database database;

  private Scratch(Database database) {
    this.database = database;
  }

  static Scratch open(Mesh mesh) throws IOException, SQLException {
    Scratch scratch = new Scratch(Database.of(mesh));
    scratch.drop();
    scratch.run("postgres", "CREATE DATABASE " + NAME);
    scratch.run(NAME, TABLES);
    return scratch;
  }

  Connection connect() throws SQLException {
    return database.connect(NAME);
  }

  Database database() {
    return database;
  }

  void empty() throws SQLException {
    run(NAME, "TRUNCATE hot, spec");
  }

  @Override
  public void close() throws SQLException {
    drop();
  }

  private void drop() throws SQLException {
    run("postgres", "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
  }

  private void run(String where, String sql) throws SQLException {
    try (Connection connection = database.connect(where);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
