package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

@WithPostgres
class PostgresProcessIT {

  @Test
  void serviceOwnsItsSchemaAndSeesNoOther(ScratchDatabase database) throws SQLException {
    DatabaseAccess router = database.service("router");
    DatabaseAccess gateway = database.service("gateway");
    execute(gateway, "CREATE TABLE tokens(id int)");
    execute(router, "CREATE TABLE tasks(id int)");

    assertThat(one(router, "SELECT schemaname FROM pg_tables WHERE tablename = 'tasks'"))
        .isEqualTo("router");
    assertThatThrownBy(() -> one(router, "SELECT count(*) FROM gateway.tokens"))
        .hasMessageContaining("permission denied for schema gateway");
    assertThatThrownBy(() -> execute(router, "CREATE TABLE public.x(id int)"))
        .hasMessageContaining("permission denied for schema public");
  }

  @Test
  void everyCommitIsFlushed(ScratchDatabase database) throws SQLException {
    assertThat(one(database.superuser(), "SHOW fsync")).isEqualTo("on");
    assertThat(one(database.superuser(), "SHOW synchronous_commit")).isEqualTo("on");
    assertThat(one(database.superuser(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
  }

  @Test
  void wrongPasswordIsRefused(ScratchDatabase database) {
    DatabaseAccess good = database.service("registry");
    DatabaseAccess bad =
        new DatabaseAccess(good.host(), good.port(), good.database(), good.user(), "wrong");

    assertThatThrownBy(bad::connect).hasMessageContaining("password authentication failed");
  }

  @Test
  void committedRowsSurviveKillAndRestart(ScratchDatabase database) throws SQLException {
    DatabaseAccess router = database.service("router");
    execute(router, "CREATE TABLE kept AS SELECT 42 AS answer");

    database.server().kill();
    assertThat(database.server().isRunning()).isFalse();
    database.server().start();

    assertThat(one(router, "SELECT answer FROM kept")).isEqualTo("42");
  }

  static void execute(DatabaseAccess access, String sql) throws SQLException {
    try (Connection connection = access.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String one(DatabaseAccess access, String sql) throws SQLException {
    try (Connection connection = access.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
