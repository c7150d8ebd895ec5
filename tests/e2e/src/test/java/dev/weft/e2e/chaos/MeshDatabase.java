package dev.weft.e2e.chaos;

import dev.weft.e2e.mesh.LocalMesh;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** The mesh's PostgreSQL, as each of its services sees it. */
final class MeshDatabase {

  static final List<String> OWNERS =
      List.of("router-0", "gateway-0", "registry-0", "artifact-0", "scaler-0");

  private static final String OTHERS =
      " FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()";

  private final LocalMesh mesh;

  MeshDatabase(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** Ends one session of the service, whichever; 0 when it had none. */
  int endOneSession(String service) {
    return number(
        service,
        "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid"
            + OTHERS
            + " ORDER BY random() LIMIT 1) one");
  }

  /** Sessions of the service that are in the middle of something. */
  int busySessions(String service) {
    return number(service, "SELECT count(*)" + OTHERS + " AND state <> 'idle'");
  }

  int sessions(String service) {
    return number(service, "SELECT count(*)" + OTHERS);
  }

  private int number(String service, String sql) {
    try (Connection connection = source(service).getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(service + ": " + sql, e);
    }
  }

  private PGSimpleDataSource source(String service) {
    Map<String, String> environment = mesh.environment(service);
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {environment.get("WEFT_DB_HOST")});
    source.setPortNumbers(new int[] {Integer.parseInt(environment.get("WEFT_DB_PORT"))});
    source.setDatabaseName(environment.get("WEFT_DB_NAME"));
    source.setUser(environment.get("WEFT_DB_USER"));
    source.setPassword(environment.get("WEFT_DB_PASSWORD"));
    source.setConnectTimeout(5);
    source.setSocketTimeout(10);
    return source;
  }
}
