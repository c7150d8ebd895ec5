package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.PriceStore;
import dev.weft.router.domain.cost.SeenPrice;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Keeps prices over a connection that lives as long as one call. */
public final class PgPriceStore implements PriceStore {
  // A price that another replica saw later than this one, by its own clock, is not overtaken by it.
  private static final String CHANGED =
      """
      INSERT INTO worker_price (worker, since, micros_per_hour, currency, name)
      SELECT u.worker,
        CASE WHEN l.worker IS NULL THEN '-infinity'
          ELSE greatest(now() - u.ago * interval '1 microsecond', l.since + interval '1 microsecond')
        END, u.micros, u.currency, u.name
      FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
        AS u(worker, ago, micros, currency, name)
      LEFT JOIN LATERAL (SELECT * FROM worker_price AS p WHERE p.worker = u.worker
        ORDER BY p.worker DESC, p.since DESC LIMIT 1) AS l ON true
      WHERE l.worker IS NULL OR l.micros_per_hour <> u.micros OR l.currency <> u.currency
      """;
  private static final String SEEN =
      """
      UPDATE worker_price AS p SET seen = now() FROM unnest(?::uuid[]) AS u(worker)
      WHERE p.worker = u.worker AND p.seen < now() - interval '12 hours'
        AND NOT EXISTS (SELECT FROM worker_price AS n WHERE n.worker = p.worker AND n.since > p.since)
      """;

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgPriceStore(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public void keep(long epoch, List<SeenPrice> prices) {
    if (prices.isEmpty()) {
      return;
    }
    try (Connection connection = Sessions.background(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      work.transaction(
          () ->
              work.update(CHANGED, params -> bind(params, prices))
                  + work.update(SEEN, params -> params.array(workers(prices))));
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static void bind(Params params, List<SeenPrice> prices) throws SQLException {
    params
        .array(workers(prices))
        .array(BinaryArray.longs(prices, price -> price.ago().toNanos() / 1_000))
        .array(BinaryArray.longs(prices, SeenPrice::microsPerHour))
        .array(BinaryArray.texts(prices, SeenPrice::currency))
        .array(BinaryArray.texts(prices, SeenPrice::name));
  }

  private static BinaryArray workers(List<SeenPrice> prices) {
    return BinaryArray.workers(prices, SeenPrice::worker);
  }
}
