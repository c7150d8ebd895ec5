package dev.weft.artifact.store;

import dev.weft.artifact.app.BlobCatalog;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Blobs in PostgreSQL; see {@link Holds} for what keeps the sweep away. */
public final class PgBlobCatalog implements BlobCatalog {

  private static final String RECORD =
      """
      INSERT INTO blob (tenant, digest, size_bytes, location, checks)
      SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::bytea[]) AS new (digest)
      ORDER BY digest
      ON CONFLICT (tenant, digest) DO UPDATE SET
        touched_at = now(),
        location = CASE WHEN blob.damaged THEN excluded.location ELSE blob.location END,
        checks = CASE WHEN blob.damaged THEN excluded.checks ELSE blob.checks END,
        damaged = false
      RETURNING location
      """;

  /** A row that was touched a moment ago is safe as it is; others are locked, so as to be seen. */
  private static final String TOUCH =
      """
      WITH asked AS (SELECT DISTINCT unnest($2::bytea[]) AS digest),
      stale AS MATERIALIZED (
        SELECT b.digest FROM blob b JOIN asked USING (digest)
        WHERE b.tenant = $1 AND b.touched_at < now() - $3::bigint * interval '1 ms'),
      locked AS MATERIALIZED (
        SELECT b.digest, b.size_bytes FROM blob b JOIN stale USING (digest)
        WHERE b.tenant = $1 AND NOT b.damaged ORDER BY b.digest FOR UPDATE OF b),
      raised AS (
        UPDATE blob b SET touched_at = now() FROM locked
        WHERE b.tenant = $1 AND b.digest = locked.digest)
      SELECT b.digest, b.size_bytes FROM blob b JOIN asked USING (digest)
        WHERE b.tenant = $1 AND NOT b.damaged
          AND b.touched_at >= now() - $3::bigint * interval '1 ms'
      UNION SELECT digest, size_bytes FROM locked
      """;

  private static final String LOCATE =
      "SELECT digest, size_bytes, location, checks, damaged FROM blob"
          + " WHERE tenant = $1 AND digest = ANY($2::bytea[])";
  private static final String DAMAGED =
      "UPDATE blob SET damaged = true WHERE tenant = $1 AND digest = $2 AND location = $3";
  private static final String RELEASE = "WITH gone AS (SELECT $1::uuid AS id), " + Holds.FREE;

  private final PgWork work;
  private final Duration fresh;

  /**
   * @param grace how long a blob stays that is told to be there
   */
  public PgBlobCatalog(PgWork work, Duration grace) {
    this.work = work;
    this.fresh = fresh(grace);
  }

  /** For how long a touch need not be repeated. */
  static Duration fresh(Duration grace) {
    return grace.dividedBy(6);
  }

  @Override
  public List<String> record(String tenant, List<StoredBlob> blobs) {
    if (blobs.isEmpty()) {
      return List.of();
    }
    Tuple row =
        Tuple.of(
            tenant,
            Columns.digests(blobs.stream().map(StoredBlob::digest).toList()),
            blobs.stream().map(StoredBlob::size).toArray(Long[]::new),
            blobs.stream().map(StoredBlob::location).toArray(String[]::new),
            blobs.stream()
                .map(blob -> Buffer.buffer(blob.checks().bytes()))
                .toArray(Buffer[]::new));
    List<String> unused = new ArrayList<>(blobs.stream().map(StoredBlob::location).toList());
    work.run(RECORD, row).forEach(used -> unused.remove(used.getString("location")));
    return unused;
  }

  @Override
  public Map<Digest, Long> touch(String tenant, Collection<Digest> digests) {
    Map<Digest, Long> held = new HashMap<>();
    work.run(TOUCH, Tuple.of(tenant, Columns.digests(digests), fresh.toMillis()))
        .forEach(row -> held.put(Columns.digest(row), row.getLong("size_bytes")));
    return held;
  }

  @Override
  public Map<Digest, Located> locate(String tenant, Collection<Digest> digests) {
    Map<Digest, Located> found = new HashMap<>();
    work.run(LOCATE, Tuple.of(tenant, (Object) Columns.digests(digests)))
        .forEach(row -> found.put(Columns.digest(row), located(row)));
    return found;
  }

  @Override
  public void damaged(String tenant, StoredBlob blob) {
    work.run(DAMAGED, Tuple.of(tenant, Buffer.buffer(blob.digest().bytes()), blob.location()));
  }

  @Override
  public boolean hold(UUID holder, String tenant, Collection<Digest> digests) {
    List<Digest> distinct = digests.stream().distinct().sorted().toList();
    try {
      return work.transaction(
          connection ->
              Holds.take(connection, holder, tenant, distinct, fresh)
                  .compose(
                      complete ->
                          complete
                              ? Future.succeededFuture(true)
                              : Future.failedFuture(new Incomplete())));
    } catch (Incomplete e) {
      return false;
    }
  }

  @Override
  public void release(UUID holder) {
    work.run(RELEASE, Tuple.of(holder));
  }

  private static Located located(Row row) {
    return new Located(
        new StoredBlob(
            Columns.digest(row),
            row.getLong("size_bytes"),
            row.getString("location"),
            BlobChecks.of(row.getBuffer("checks").getBytes())),
        row.getBoolean("damaged"));
  }
}
