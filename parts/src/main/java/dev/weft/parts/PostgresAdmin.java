package dev.weft.parts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** Creates databases, and for each service a role that owns only its schema. Safe to repeat. */
public final class PostgresAdmin {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private final DatabaseAccess superuser;

  public PostgresAdmin(DatabaseAccess superuser) {
    this.superuser = superuser;
  }

  /** Makes the database if it isn't there, closed to everybody who isn't let in. */
  public void ensureDatabase(String database) {
    requireName(database);
    run(
        superuser,
        statement -> {
          if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
            statement.execute("CREATE DATABASE " + database);
          }
          statement.execute("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
        });
    run(
        superuser.withDatabase(database),
        statement -> statement.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC"));
  }

  /**
   * Makes role {@code weft_<service>} and its schema {@code <service>}, the only thing that it owns
   * and the only place where it looks, and sets its password.
   */
  public DatabaseAccess ensureService(String database, String service, String password) {
    String role = "weft_" + requireName(service);
    run(
        superuser.withDatabase(requireName(database)),
        statement -> {
          if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
            statement.execute("CREATE ROLE " + role + " LOGIN");
          }
          statement.execute("ALTER ROLE " + role + " PASSWORD " + quoted(statement, password));
          statement.execute("ALTER ROLE " + role + " SET search_path = " + service);
          statement.execute("GRANT CONNECT ON DATABASE " + database + " TO " + role);
          statement.execute("CREATE SCHEMA IF NOT EXISTS " + service + " AUTHORIZATION " + role);
        });
    return new DatabaseAccess(superuser.host(), superuser.port(), database, role, password);
  }

  /** Ends its connections and removes it; one that isn't there is fine. */
  public void dropDatabase(String database) {
    requireName(database);
    run(
        superuser,
        statement -> statement.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)"));
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name: " + name + " (expected: " + NAME.pattern() + ")");
    }
    return name;
  }

  private static String quoted(Statement statement, String text) throws SQLException {
    return statement.enquoteLiteral(text);
  }

  private static boolean exists(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static void run(DatabaseAccess access, Work work) {
    try (Connection connection = access.connect();
        Statement statement = connection.createStatement()) {
      work.on(statement);
    } catch (SQLException e) {
      throw new PartsException(access + ": " + e.getMessage(), e);
    }
  }

  private interface Work {
    void on(Statement statement) throws SQLException;
  }
}
