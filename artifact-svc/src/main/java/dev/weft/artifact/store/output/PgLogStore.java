package dev.weft.artifact.store.output;

import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.LogStore;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.StoredSegment;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Logs in PostgreSQL. Each write is one statement whose row lock decides between owners: who waited
 * for the other sees the other's epoch, and changes nothing.
 */
public final class PgLogStore implements LogStore {

  private static final String TAKE =
      """
      INSERT INTO output_log AS l (id, tenant, task_id, attempt, worker_id, fence,
          owner_node, owner_address, owner_epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
        ON CONFLICT (task_id, attempt) DO UPDATE
          SET owner_epoch = l.owner_epoch + 1, owner_node = $7, owner_address = $8,
              signed_at = now()
          WHERE l.closed_at IS NULL AND l.tenant = $2 AND l.worker_id = $5 AND l.fence = $6
        RETURNING\
      """
          + " "
          + LogRows.COLUMNS;
  private static final String FIND =
      "SELECT " + LogRows.COLUMNS + " FROM output_log WHERE task_id = $1 AND attempt = $2";
  private static final String SEAL =
      """
      WITH owned AS (
        UPDATE output_log SET sealed = $4, sealed_bytes = sealed_bytes + $8,
            received = greatest(received, $4), signed_at = now()
          WHERE id = $1 AND owner_epoch = $2 AND sealed = $3 - 1 AND closed_at IS NULL
          RETURNING id, tenant),
      held AS (
        INSERT INTO blob_hold (holder, tenant, digest) SELECT id, tenant, $5 FROM owned
          ON CONFLICT DO NOTHING)
      INSERT INTO output_segment (log, first, last, digest, place, size_bytes, output_bytes)
        SELECT id, $3, $4, $5, $6, $7, $8 FROM owned\
      """;
  private static final String SEALED =
      """
      SELECT EXISTS (SELECT FROM output_segment AS s JOIN output_log AS l ON l.id = s.log
        WHERE l.id = $1 AND l.owner_epoch = $2 AND s.first = $3 AND s.last = $4)\
      """;
  private static final String CLOSE =
      """
      UPDATE output_log SET closed_at = now()
        WHERE id = $1 AND owner_epoch = $2 AND sealed = $3 AND closed_at IS NULL\
      """;
  private static final String CLOSED =
      """
      SELECT EXISTS (SELECT FROM output_log
        WHERE id = $1 AND owner_epoch = $2 AND sealed = $3 AND closed_at IS NOT NULL)\
      """;
  private static final String SEGMENTS =
      """
      SELECT first, last, digest, place, size_bytes, output_bytes FROM output_segment
        WHERE log = $1 AND first > coalesce((SELECT max(first) FROM output_segment
            WHERE log = $1 AND first <= $2 AND last <= $2), 0)
        ORDER BY first LIMIT $3\
      """;
  private static final String SIGN =
      """
      WITH signs AS (
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS s(id, epoch, received)),
      kept AS (
        UPDATE output_log AS l SET signed_at = now(), received = greatest(l.received, s.received)
          FROM signs AS s
          WHERE l.id = s.id AND l.owner_epoch = s.epoch AND l.closed_at IS NULL
          RETURNING l.id)
      SELECT id FROM signs WHERE id NOT IN (SELECT id FROM kept)\
      """;

  private final Pool pool;

  public PgLogStore(Pool pool) {
    this.pool = pool;
  }

  @Override
  public CompletionStage<LogRow> take(UUID id, LogKey key, Writer writer, Owner self) {
    Tuple values =
        Tuple.from(
            List.of(
                id,
                key.tenant(),
                key.taskId(),
                key.attempt(),
                writer.workerId(),
                writer.fence(),
                self.node(),
                self.address()));
    return query(TAKE, values)
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(rows)
                    : query(FIND, Tuple.of(key.taskId(), key.attempt())))
        .map(rows -> LogRows.read(rows.iterator().next()))
        .toCompletionStage();
  }

  @Override
  public CompletionStage<Optional<LogRow>> find(LogKey key) {
    return ofAttempt(key.taskId(), key.attempt())
        .thenApply(row -> row.filter(found -> found.key().equals(key)));
  }

  @Override
  public CompletionStage<Optional<LogRow>> ofAttempt(String taskId, int attempt) {
    return query(FIND, Tuple.of(taskId, attempt)).map(PgLogStore::first).toCompletionStage();
  }

  @Override
  public CompletionStage<Outcome> seal(UUID id, long epoch, StoredSegment segment) {
    Tuple values =
        Tuple.from(
            List.of(
                id,
                epoch,
                segment.first(),
                segment.last(),
                Buffer.buffer(segment.digest().bytes()),
                segment.offset(),
                segment.size(),
                segment.outputBytes()));
    return outcome(
        query(SEAL, values), SEALED, Tuple.of(id, epoch, segment.first(), segment.last()));
  }

  @Override
  public CompletionStage<Outcome> close(UUID id, long epoch, LogEnd end) {
    Tuple values = Tuple.of(id, epoch, end.lastNumber());
    return outcome(query(CLOSE, values), CLOSED, values);
  }

  @Override
  public CompletionStage<List<StoredSegment>> segments(UUID id, long after, int limit) {
    return query(SEGMENTS, Tuple.of(id, after, limit))
        .map(
            rows -> {
              List<StoredSegment> segments = new ArrayList<>();
              rows.forEach(row -> segments.add(segment(row)));
              return segments;
            })
        .toCompletionStage();
  }

  @Override
  public CompletionStage<List<UUID>> sign(List<Sign> signs) {
    Tuple values =
        Tuple.of(
            signs.stream().map(Sign::id).toArray(UUID[]::new),
            signs.stream().map(Sign::epoch).toArray(Long[]::new),
            signs.stream().map(Sign::received).toArray(Long[]::new));
    return query(SIGN, values)
        .map(
            rows -> {
              List<UUID> lost = new ArrayList<>();
              rows.forEach(row -> lost.add(row.getUUID(0)));
              return lost;
            })
        .toCompletionStage();
  }

  /** A write that changed nothing was perhaps made before, and its answer lost. */
  private CompletionStage<Outcome> outcome(Future<RowSet<Row>> write, String look, Tuple values) {
    return write
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture(true)
                    : query(look, values).map(found -> found.iterator().next().getBoolean(0)))
        .map(done -> done ? Outcome.DONE : Outcome.NOT_OWNER)
        .toCompletionStage();
  }

  private Future<RowSet<Row>> query(String sql, Tuple values) {
    return pool.preparedQuery(sql).execute(values);
  }

  private static Optional<LogRow> first(RowSet<Row> rows) {
    RowIterator<Row> iterator = rows.iterator();
    return iterator.hasNext() ? Optional.of(LogRows.read(iterator.next())) : Optional.empty();
  }

  private static StoredSegment segment(Row row) {
    return new StoredSegment(
        row.getLong("first"),
        row.getLong("last"),
        Digest.of(row.getBuffer("digest").getBytes()),
        row.getLong("place"),
        row.getLong("size_bytes"),
        row.getLong("output_bytes"));
  }
}
