package dev.weft.parts;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/** How one role reaches one database on loopback. Its text never shows the password. */
public record DatabaseAccess(String host, int port, String database, String user, String password) {

  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /** A new connection; the caller closes it. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "5");
    Connection connection = new Driver().connect(jdbcUrl(), properties);
    if (connection == null) {
      throw new SQLException("not a PostgreSQL address: " + jdbcUrl());
    }
    return connection;
  }

  DatabaseAccess withDatabase(String other) {
    return new DatabaseAccess(host, port, other, user, password);
  }

  @Override
  public String toString() {
    return user + "@" + jdbcUrl();
  }
}
