package dev.weft.artifact.store;

import static dev.weft.artifact.store.PgWork.query;

import dev.weft.artifact.domain.Digest;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Holding blobs and letting them go, inside a transaction.
 *
 * <p>The sweep takes a blob only if its mark and its last touch are older than the grace time and
 * nothing holds it. A hold may leave the row alone if it was touched within a sixth of that; else
 * it locks the row, so that either the sweep sees the fresh touch or the hold sees that the row is
 * gone. Rows are locked in the order of their digests, so that nobody waits for each other.
 */
public final class Holds {

  private static final int BATCH = 10_000;
  private static final String HOLD =
      """
      WITH asked AS (SELECT DISTINCT unnest($3::bytea[]) AS digest),
      stale AS MATERIALIZED (
        SELECT b.digest FROM blob b JOIN asked USING (digest)
        WHERE b.tenant = $2
          AND (b.marked_at IS NOT NULL OR b.touched_at < now() - $4::bigint * interval '1 ms')),
      locked AS MATERIALIZED (
        SELECT b.digest FROM blob b JOIN stale USING (digest)
        WHERE b.tenant = $2 AND NOT b.damaged ORDER BY b.digest FOR UPDATE OF b),
      raised AS (
        UPDATE blob b SET touched_at = now(), marked_at = NULL FROM locked
        WHERE b.tenant = $2 AND b.digest = locked.digest),
      held AS (
        SELECT b.digest FROM blob b JOIN asked USING (digest)
        WHERE b.tenant = $2 AND NOT b.damaged AND b.marked_at IS NULL
          AND b.touched_at >= now() - $4::bigint * interval '1 ms'
        UNION SELECT digest FROM locked),
      kept AS (
        INSERT INTO blob_hold (holder, tenant, digest) SELECT $1, $2, digest FROM held
        ON CONFLICT DO NOTHING)
      SELECT (SELECT count(*) FROM held) = (SELECT count(*) FROM asked) AS complete
      """;

  /** Lets the sweep look at the blobs that `freed` names. */
  public static final String MARK =
      """
      locked AS MATERIALIZED (
        SELECT b.tenant, b.digest FROM blob b
        WHERE (b.tenant, b.digest) IN (SELECT tenant, digest FROM freed)
        ORDER BY b.tenant, b.digest FOR UPDATE),
      marked AS (
        UPDATE blob b SET marked_at = now() FROM locked
        WHERE b.tenant = locked.tenant AND b.digest = locked.digest)
      """;

  /** Lets go of what the holders of `gone` held. */
  public static final String FREE =
      """
      freed AS (
        DELETE FROM blob_hold h USING gone WHERE h.holder = gone.id
        RETURNING h.tenant, h.digest),
      """
          + MARK
          + "SELECT count(*) AS gone FROM gone";

  private Holds() {}

  /** Whether the tenant holds all of the blobs; if not, the transaction must not commit. */
  static Future<Boolean> take(
      SqlConnection connection, UUID holder, String tenant, List<Digest> digests, Duration fresh) {
    if (digests.isEmpty()) {
      return Future.succeededFuture(true);
    }
    List<Digest> batch = digests.subList(0, Math.min(BATCH, digests.size()));
    return query(
            connection, HOLD, Tuple.of(holder, tenant, Columns.digests(batch), fresh.toMillis()))
        .map(rows -> rows.iterator().next().getBoolean("complete"))
        .compose(
            complete ->
                complete
                    ? take(
                        connection,
                        holder,
                        tenant,
                        digests.subList(batch.size(), digests.size()),
                        fresh)
                    : Future.succeededFuture(false));
  }
}
