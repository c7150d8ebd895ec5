package dev.weft.artifact.store.output;

import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.LogUpkeep;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.store.Holds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The upkeep's queries; by the database's clock. */
public final class PgLogUpkeep implements LogUpkeep {

  private static final String ABANDONED =
      "SELECT "
          + LogRows.COLUMNS
          + " FROM output_log WHERE closed_at IS NULL AND signed_at < now() - $1 * interval '1 ms'"
          + " ORDER BY opened_at LIMIT $2";
  private static final String CLAIM =
      """
      UPDATE output_log SET claimed_until = now() + $1 * interval '1 ms'
        WHERE id = (SELECT id FROM output_log
          WHERE archived_at IS NULL AND closed_at IS NOT NULL
            AND (claimed_until IS NULL OR claimed_until < now())
          ORDER BY closed_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING\
      """
          + " "
          + LogRows.COLUMNS;
  private static final String MOVE =
      """
      UPDATE output_segment AS s SET digest = $2, place = o.place
        FROM (SELECT first, (sum(size_bytes) OVER (ORDER BY first) - size_bytes)::bigint AS place
            FROM output_segment WHERE log = $1) AS o
        WHERE s.log = $1 AND s.first = o.first\
      """;
  private static final String DONE =
      "UPDATE output_log SET archived_at = now()"
          + " WHERE id = $1 AND archived_at IS NULL AND closed_at IS NOT NULL";
  private static final String HOLD =
      "INSERT INTO blob_hold (holder, tenant, digest) SELECT id, tenant, $2 FROM output_log"
          + " WHERE id = $1 ON CONFLICT DO NOTHING";
  private static final String RELEASE =
      "WITH freed AS (DELETE FROM blob_hold WHERE holder = $1 AND digest <> $2"
          + " RETURNING tenant, digest), "
          + Holds.MARK
          + "SELECT count(*) FROM freed";
  private static final String SWEEP =
      """
      WITH gone AS (
        DELETE FROM output_log WHERE id IN (SELECT id FROM output_log
          WHERE closed_at < now() - $1 * interval '1 ms'
          ORDER BY closed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING id),
      """
          + Holds.FREE;

  private final Pool pool;

  public PgLogUpkeep(Pool pool) {
    this.pool = pool;
  }

  @Override
  public CompletionStage<List<LogRow>> abandoned(Duration silence, int limit) {
    return query(ABANDONED, Tuple.of(silence.toMillis(), limit))
        .map(
            rows -> {
              List<LogRow> logs = new ArrayList<>();
              rows.forEach(row -> logs.add(LogRows.read(row)));
              return logs;
            })
        .toCompletionStage();
  }

  @Override
  public CompletionStage<Optional<LogRow>> claimUnarchived(Duration claim) {
    return query(CLAIM, Tuple.of(claim.toMillis()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.<LogRow>empty()
                    : Optional.of(LogRows.read(rows.iterator().next())))
        .toCompletionStage();
  }

  @Override
  public CompletionStage<Void> archived(UUID id, Digest digest) {
    Buffer bytes = Buffer.buffer(digest.bytes());
    return pool.withTransaction(
            connection ->
                connection
                    .preparedQuery(DONE)
                    .execute(Tuple.of(id))
                    .compose(
                        done ->
                            done.rowCount() == 0
                                ? Future.<RowSet<Row>>succeededFuture()
                                : connection
                                    .preparedQuery(MOVE)
                                    .execute(Tuple.of(id, bytes))
                                    .compose(
                                        moved ->
                                            connection
                                                .preparedQuery(HOLD)
                                                .execute(Tuple.of(id, bytes)))
                                    .compose(
                                        held ->
                                            connection
                                                .preparedQuery(RELEASE)
                                                .execute(Tuple.of(id, bytes)))))
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  @Override
  public CompletionStage<Void> notArchivable(UUID id) {
    return query(DONE, Tuple.of(id)).<Void>mapEmpty().toCompletionStage();
  }

  @Override
  public CompletionStage<Integer> sweep(Duration retention, int limit) {
    return query(SWEEP, Tuple.of(retention.toMillis(), limit))
        .map(rows -> rows.iterator().next().getLong(0).intValue())
        .toCompletionStage();
  }

  private Future<RowSet<Row>> query(String sql, Tuple values) {
    return pool.preparedQuery(sql).execute(values);
  }
}
