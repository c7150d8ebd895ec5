package dev.weft.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The mesh's PostgreSQL, as its superuser: for what it counts, and for scratch tables. */
record Database(String host, int port, String password) {

  private static final int WAL_IN_IO = 180_000;

  static Database of(Mesh mesh) throws IOException {
    return new Database("127.0.0.1", mesh.port("postgres", "sql"), mesh.secret("postgres"));
  }

  Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
  }

  /** What it has counted since it was made; a session tells its share at most once a second. */
  Map<String, Double> counters() throws SQLException {
    Map<String, Double> all = new LinkedHashMap<>();
    try (Connection connection = connect("weft");
        Statement statement = connection.createStatement()) {
      read(
          statement,
          "SELECT xact_commit AS \"commits\", tup_inserted AS \"rows inserted\","
              + " tup_updated AS \"rows updated\" FROM pg_stat_database"
              + " WHERE datname = current_database()",
          all);
      read(
          statement,
          "SELECT wal_bytes AS \"WAL bytes\", wal_records AS \"WAL records\" FROM pg_stat_wal",
          all);
      boolean inIo = version(statement) >= WAL_IN_IO;
      read(
          statement,
          inIo
              ? "SELECT sum(fsyncs) AS \"WAL flushes\" FROM pg_stat_io WHERE object = 'wal'"
              : "SELECT wal_sync AS \"WAL flushes\" FROM pg_stat_wal",
          all);
    }
    return all;
  }

  /** Where its files lie. */
  Path data() throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW data_directory")) {
      row.next();
      return Path.of(row.getString(1));
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SHOW server_version_num")) {
      row.next();
      return Integer.parseInt(row.getString(1));
    }
  }

  private static void read(Statement statement, String sql, Map<String, Double> all)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        all.put("PostgreSQL: " + row.getMetaData().getColumnLabel(i), row.getDouble(i));
      }
    }
  }
}
