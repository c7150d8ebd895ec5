package dev.weft.artifact.store;

import static dev.weft.artifact.store.PgWork.query;

import dev.weft.artifact.app.Garbage;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Garbage in PostgreSQL; an advisory lock says who is at it. */
public final class PgGarbage implements Garbage {

  /** "weft" in ASCII, and the service. */
  private static final String LOCK = "SELECT pg_try_advisory_xact_lock(2003137140, 1) AS mine";

  private static final String EXPIRE =
      "WITH gone AS (DELETE FROM artifact WHERE id IN (SELECT id FROM artifact"
          + " WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)"
          + " RETURNING id), "
          + Holds.FREE;

  /** A mark is a hint: a blob that is held all the same loses it. */
  private static final String SWEEP =
      """
      WITH due AS MATERIALIZED (
        SELECT tenant, digest FROM blob
        WHERE marked_at < now() - $1::bigint * interval '1 ms'
          AND touched_at < now() - $1::bigint * interval '1 ms'
        ORDER BY marked_at LIMIT $2 FOR UPDATE SKIP LOCKED),
      held AS MATERIALIZED (
        SELECT tenant, digest FROM due WHERE EXISTS (
          SELECT FROM blob_hold h WHERE h.tenant = due.tenant AND h.digest = due.digest)),
      kept AS (
        UPDATE blob b SET marked_at = NULL FROM held
        WHERE b.tenant = held.tenant AND b.digest = held.digest)
      DELETE FROM blob b USING due
      WHERE b.tenant = due.tenant AND b.digest = due.digest
        AND NOT EXISTS (
          SELECT FROM held WHERE held.tenant = due.tenant AND held.digest = due.digest)
      RETURNING b.tenant, b.location
      """;

  private static final String UNKNOWN =
      "SELECT asked.location FROM unnest($2::text[]) AS asked (location) WHERE NOT EXISTS"
          + " (SELECT FROM blob b WHERE b.tenant = $1 AND b.location = asked.location)";
  private static final String ERASE_SOME =
      "DELETE FROM %1$s WHERE ctid IN (SELECT ctid FROM %1$s WHERE tenant = $1 LIMIT $2)";

  private final PgWork work;
  private final Duration old;

  /**
   * @param grace as the blob catalog's; what was told to be there an instant before a touch would
   *     have been repeated stays as long
   */
  public PgGarbage(PgWork work, Duration grace) {
    this.work = work;
    this.old = grace.plus(PgBlobCatalog.fresh(grace));
  }

  @Override
  public int expire(int limit) {
    return alone(
        connection ->
            query(connection, EXPIRE, Tuple.of(limit))
                .map(rows -> rows.iterator().next().getLong("gone").intValue()),
        0);
  }

  @Override
  public List<Location> sweep(int limit) {
    return alone(
        connection ->
            query(connection, SWEEP, Tuple.of(old.toMillis(), limit)).map(PgGarbage::locations),
        List.of());
  }

  @Override
  public List<String> unknown(String tenant, Collection<String> locations) {
    return Columns.list(
        work.run(UNKNOWN, Tuple.of(tenant, (Object) locations.toArray(String[]::new))),
        row -> row.getString("location"));
  }

  @Override
  public List<Location> erase(String tenant, int limit) {
    eraseAll("artifact", tenant, limit);
    // With their segments; before the holds, so that no owner adds one behind them.
    eraseAll("output_log", tenant, limit);
    eraseAll("frame_log", tenant, limit);
    eraseAll("blob_hold", tenant, limit);
    return locations(
        work.run(
            ERASE_SOME.formatted("blob") + " RETURNING tenant, location", Tuple.of(tenant, limit)));
  }

  private void eraseAll(String table, String tenant, int limit) {
    int erased;
    do {
      erased = work.run(ERASE_SOME.formatted(table), Tuple.of(tenant, limit)).rowCount();
    } while (erased > 0);
  }

  private <T> T alone(Function<SqlConnection, Future<T>> step, T otherwise) {
    return work.transaction(
        connection ->
            query(connection, LOCK, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("mine"))
                .compose(
                    mine -> mine ? step.apply(connection) : Future.succeededFuture(otherwise)));
  }

  private static List<Location> locations(RowSet<Row> rows) {
    List<Location> found = new ArrayList<>();
    rows.forEach(
        row -> found.add(new Location(row.getString("tenant"), row.getString("location"))));
    return found;
  }
}
