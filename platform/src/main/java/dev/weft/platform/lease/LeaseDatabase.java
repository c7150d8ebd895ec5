package dev.weft.platform.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Where a service's schema is, for the connections that must not come from a pool.
 *
 * @param applicationName shown in {@code pg_stat_activity}
 */
public record LeaseDatabase(
    String host,
    int port,
    String name,
    String user,
    String password,
    String schema,
    String applicationName) {
  private static final String CONNECT_SECONDS = "2";
  private static final String READ_SECONDS = "5";

  /** Opens a connection in auto-commit whose every wait is bounded. */
  public Connection open() throws SQLException {
    return open(Map.of());
  }

  /**
   * The same with properties of the driver, which win over those set here.
   *
   * @param more such as {@code options} for settings of the session
   */
  public Connection open(Map<String, String> more) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("currentSchema", schema);
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("socketTimeout", READ_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    properties.putAll(more);
    String url = "jdbc:postgresql://" + host + ":" + port + "/" + name;
    return Objects.requireNonNull(new Driver().connect(url, properties), url);
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + name + "." + schema;
  }
}
