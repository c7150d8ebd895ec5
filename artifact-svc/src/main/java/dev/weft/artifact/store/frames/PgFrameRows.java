package dev.weft.artifact.store.frames;

import dev.weft.artifact.app.frames.FrameLogKey;
import dev.weft.artifact.app.frames.FrameLogRow;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.FramePlace;
import dev.weft.artifact.store.Holds;
import dev.weft.artifact.store.PgWork;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Logs in PostgreSQL. Each write is one statement whose row lock decides between homes: who waited
 * for the other sees the other's epoch, and changes nothing.
 */
public final class PgFrameRows implements FrameRows {

  private static final String COLUMNS =
      " id, sealed_body, sealed_number, dropped_body, dropped_number, ended_body, bytes";
  private static final String OPEN =
      """
      INSERT INTO frame_log AS l (id, agent_id, tenant, home_epoch) VALUES ($1, $2, $3, $4)
        ON CONFLICT (agent_id) DO UPDATE SET home_epoch = $4
          WHERE l.tenant = $3 AND l.home_epoch <= $4
        RETURNING\
      """
          + COLUMNS;
  private static final String SEAL =
      """
      WITH owned AS (
        UPDATE frame_log SET sealed_body = $4, sealed_number = $6, bytes = bytes + $8,
            ended_body = greatest(ended_body, $9), written_at = now(),
            closed_at = CASE WHEN $10 THEN coalesce(closed_at, now()) ELSE closed_at END
          WHERE agent_id = $1 AND tenant = $2 AND home_epoch = $3
            AND (sealed_body, sealed_number) < ($4, $5)
          RETURNING *),
      held AS (
        INSERT INTO blob_hold (holder, tenant, digest) SELECT id, tenant, $7 FROM owned
          ON CONFLICT DO NOTHING),
      added AS (
        INSERT INTO frame_segment (log, body, first, last, home_epoch, digest, cost)
          SELECT id, $4, $5, $6, $3, $7, $8 FROM owned)
      SELECT\
      """
          + COLUMNS
          + " FROM owned";

  /** One that changed nothing was perhaps made before, and its answer lost. */
  private static final String SEALED =
      "SELECT"
          + COLUMNS
          + " FROM frame_log AS l WHERE agent_id = $1 AND tenant = $2 AND home_epoch = $3"
          + " AND EXISTS (SELECT FROM frame_segment AS s WHERE s.log = l.id AND s.home_epoch = $3"
          + " AND s.body = $4 AND s.first = $5 AND s.last = $6)";

  private static final String NOTE =
      """
      UPDATE frame_log SET ended_body = greatest(ended_body, $4),
          closed_at = CASE WHEN $5 THEN coalesce(closed_at, now()) ELSE closed_at END
        WHERE agent_id = $1 AND tenant = $2 AND home_epoch = $3
        RETURNING\
      """
          + COLUMNS;
  private static final String FIND =
      "SELECT" + COLUMNS + " FROM frame_log WHERE agent_id = $1 AND tenant = $2";
  private static final String SEGMENTS =
      """
      SELECT body, first, last, digest, cost FROM frame_segment
        WHERE log = $1 AND (body, first) >= coalesce((
            SELECT (body, first) FROM frame_segment
              WHERE log = $1 AND (body, first) <= ($2, $3)
              ORDER BY body DESC, first DESC LIMIT 1), (0, 0::bigint))
          AND (body, last) > ($2, $3)
        ORDER BY body, first LIMIT $4\
      """;
  private static final String RECENT =
      """
      SELECT body, first - 1 AS before FROM (
          SELECT body, first, sum(cost) OVER (ORDER BY body DESC, first DESC) AS total FROM (
            SELECT body, first, cost FROM frame_segment WHERE log = $1
              ORDER BY body DESC, first DESC LIMIT $3) AS newest) AS summed
        WHERE total <= $2 ORDER BY body, first LIMIT 1\
      """;
  private static final String TRIM =
      """
      WITH old AS (
        SELECT body, first FROM (
            SELECT body, first, sum(cost) OVER (ORDER BY body DESC, first DESC) AS total
              FROM frame_segment WHERE log = $1) AS summed
          WHERE total > $2),
      gone AS (
        DELETE FROM frame_segment AS s USING old
          WHERE s.log = $1 AND s.body = old.body AND s.first = old.first
          RETURNING s.body, s.last, s.digest, s.cost),
      freed AS (
        DELETE FROM blob_hold WHERE holder = $1 AND digest IN (SELECT digest FROM gone)
          RETURNING tenant, digest),
      """
          + Holds.MARK
          + """
      , newest AS (SELECT body, last FROM gone ORDER BY body DESC, last DESC LIMIT 1)
      UPDATE frame_log SET bytes = bytes - (SELECT sum(cost) FROM gone)::bigint,
          dropped_body = newest.body, dropped_number = newest.last
        FROM newest WHERE id = $1
        RETURNING\
      """
          + COLUMNS;
  private static final String SWEEP =
      """
      WITH gone AS (
        DELETE FROM frame_log WHERE id IN (SELECT id FROM frame_log
          WHERE closed_at < now() - $1::bigint * interval '1 ms'
            OR written_at < now() - $2::bigint * interval '1 ms'
          LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING id),
      """
          + Holds.FREE;

  private final PgWork work;

  public PgFrameRows(PgWork work) {
    this.work = work;
  }

  @Override
  public Optional<FrameLogRow> open(UUID id, FrameLogKey key, long epoch) {
    return first(work.run(OPEN, Tuple.of(id, key.agentId(), key.tenant(), epoch)));
  }

  @Override
  public Optional<FrameLogRow> seal(FrameLogKey key, long epoch, Segment segment, Note note) {
    Tuple values =
        named(key, epoch, segment)
            .addBuffer(Buffer.buffer(segment.digest().bytes()))
            .addLong(segment.cost())
            .addInteger(note.endedBody())
            .addBoolean(note.over());
    return first(work.run(SEAL, values))
        .or(() -> first(work.run(SEALED, named(key, epoch, segment))));
  }

  private static Tuple named(FrameLogKey key, long epoch, Segment segment) {
    return Tuple.of(
        key.agentId(),
        key.tenant(),
        epoch,
        segment.first().body(),
        segment.first().number(),
        segment.last().number());
  }

  @Override
  public Optional<FrameLogRow> note(FrameLogKey key, long epoch, Note note) {
    return first(
        work.run(
            NOTE, Tuple.of(key.agentId(), key.tenant(), epoch, note.endedBody(), note.over())));
  }

  @Override
  public Optional<FrameLogRow> find(FrameLogKey key) {
    return first(work.run(FIND, Tuple.of(key.agentId(), key.tenant())));
  }

  @Override
  public List<Segment> segments(UUID log, FramePlace after, int limit) {
    List<Segment> found = new ArrayList<>();
    work.run(SEGMENTS, Tuple.of(log, after.body(), after.number(), limit))
        .forEach(
            row ->
                found.add(
                    new Segment(
                        new FramePlace(row.getInteger("body"), row.getLong("first")),
                        new FramePlace(row.getInteger("body"), row.getLong("last")),
                        Digest.of(row.getBuffer("digest").getBytes()),
                        row.getLong("cost"))));
    return found;
  }

  @Override
  public FramePlace recent(UUID log, long bytes, int segments) {
    RowSet<Row> rows = work.run(RECENT, Tuple.of(log, bytes, segments));
    for (Row row : rows) {
      return new FramePlace(row.getInteger("body"), row.getLong("before"));
    }
    return FramePlace.START;
  }

  @Override
  public FrameLogRow trim(FrameLogRow log, long mostCost) {
    return first(work.run(TRIM, Tuple.of(log.id(), mostCost))).orElse(log);
  }

  @Override
  public int sweep(Duration closed, Duration silent, int limit) {
    return work.run(SWEEP, Tuple.of(closed.toMillis(), silent.toMillis(), limit))
        .iterator()
        .next()
        .getLong("gone")
        .intValue();
  }

  private static Optional<FrameLogRow> first(RowSet<Row> rows) {
    for (Row row : rows) {
      return Optional.of(
          new FrameLogRow(
              row.getUUID("id"),
              new FrameLogState(
                  new FramePlace(row.getInteger("sealed_body"), row.getLong("sealed_number")),
                  new FramePlace(row.getInteger("dropped_body"), row.getLong("dropped_number")),
                  row.getInteger("ended_body")),
              row.getLong("bytes")));
    }
    return Optional.empty();
  }
}
