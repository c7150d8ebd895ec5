package dev.weft.scaler.store;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The scaler's schema in a throw-away database. */
final class ScalerDatabase {

  static final int CELL = 7;
  static final String ROLE = "scaler";

  final DataSource source;

  ScalerDatabase(ScratchDatabase database) {
    DatabaseAccess access = database.service("scaler");
    PGSimpleDataSource simple = new PGSimpleDataSource();
    simple.setServerNames(new String[] {access.host()});
    simple.setPortNumbers(new int[] {access.port()});
    simple.setDatabaseName(access.database());
    simple.setUser(access.user());
    simple.setPassword(access.password());
    simple.setCurrentSchema("scaler");
    simple.setSocketTimeout(10);
    source = simple;
  }

  /** Makes the tables if they are not there, and empties them. */
  void reset() throws Exception {
    if (!migrated()) {
      run(script("/db/cell/V0_1__cell_lease.sql"));
      run(script("/db/migration/V1_0__pools.sql"));
    }
    run("TRUNCATE cell_lease, pool, instance, scaling_action");
  }

  void heldUnder(long epoch) {
    run(
        "INSERT INTO cell_lease VALUES (%d, '%s', %d, 'test', '', 0)".formatted(CELL, ROLE, epoch)
            + " ON CONFLICT (cell, role) DO UPDATE SET epoch = excluded.epoch");
  }

  void run(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean migrated() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        var found = statement.executeQuery("SELECT to_regclass('pool') IS NOT NULL")) {
      found.next();
      return found.getBoolean(1);
    }
  }

  private static String script(String name) throws IOException {
    try (InputStream script =
        Objects.requireNonNull(ScalerDatabase.class.getResourceAsStream(name))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
