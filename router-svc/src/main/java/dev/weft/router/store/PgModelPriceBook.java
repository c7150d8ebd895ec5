package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.ModelPriceBook;
import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Prices of models in their table, over a connection that lives as long as one call. */
public final class PgModelPriceBook implements ModelPriceBook {
  private static final String COLUMNS = "model, currency, input, output, version, since, author";
  private static final String ALL = "SELECT " + COLUMNS + " FROM model_price";
  // Not before what is leased and stored already, whatever the clock says.
  private static final String PUT =
      "INSERT INTO model_price (model, since, version, currency, input, output, author)"
          + " SELECT u.model, greatest(clock_timestamp(), (SELECT max(since) FROM model_price)"
          + " + interval '1 microsecond'),"
          + " (SELECT coalesce(max(version), 0) + 1 FROM model_price),"
          + " u.currency, u.input, u.output, u.author"
          + " FROM (SELECT ?::text, ?::text, ?::bigint, ?::bigint, ?::text)"
          + " AS u(model, currency, input, output, author) RETURNING "
          + COLUMNS;

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgModelPriceBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public ModelPrices read() {
    try (Connection connection = Sessions.journal(database)) {
      return read(connection);
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  static ModelPrices read(Connection connection) throws SQLException {
    List<DatedPrice> changes = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(ALL);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        changes.add(change(row));
      }
    }
    return new ModelPrices(changes);
  }

  @Override
  public DatedPrice put(long epoch, ModelPrice price, String author) {
    try (Connection connection = Sessions.journal(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      return work.transaction(
          () ->
              work.query(
                      PUT,
                      params ->
                          params
                              .text(price.model())
                              .text(price.currency())
                              .number(price.inputMicros())
                              .number(price.outputMicros())
                              .text(author),
                      PgModelPriceBook::change)
                  .getFirst());
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static DatedPrice change(ResultSet row) throws SQLException {
    return new DatedPrice(
        new ModelPrice(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
        row.getLong(5),
        row.getObject(6, OffsetDateTime.class).toInstant(),
        row.getString(7));
  }
}
