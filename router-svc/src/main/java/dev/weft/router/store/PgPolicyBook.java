package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.domain.placement.Weights;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** Reads policies over a connection that lives as long as one call. */
public final class PgPolicyBook implements PolicyBook {
  private static final String WEIGHTS =
      "SELECT name || '-' || version, (body->>'capability')::float8, (body->>'load')::float8,"
          + " (body->>'latency')::float8, (body->>'cost')::float8 FROM policy"
          + " WHERE kind = 'weights' AND name = 'standard' ORDER BY version DESC LIMIT 1";

  private final LeaseDatabase database;

  public PgPolicyBook(LeaseDatabase database) {
    this.database = database;
  }

  @Override
  public Weights weights() {
    try (Connection connection = database.open();
        Statement query = connection.createStatement();
        ResultSet row = query.executeQuery(WEIGHTS)) {
      if (!row.next()) {
        return Weights.STANDARD;
      }
      return new Weights(
          row.getString(1), row.getDouble(2), row.getDouble(3), row.getDouble(4), row.getDouble(5));
    } catch (SQLException e) {
      throw new JournalException.Unavailable(Objects.toString(e.getMessage()), e);
    }
  }
}
