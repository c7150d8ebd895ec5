package dev.weft.router.store;

import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.journal.PlacementRows;
import dev.weft.router.domain.journal.SettledLetter;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.ShapeWait;
import dev.weft.router.domain.journal.TenantDecisions;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.WorkerId;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a group commit writes to the tables that are not named by a task's id. */
final class CommitClauses {

  static final CommitClause EVENTS =
      CommitClause.of(
          "events",
          """
          INSERT INTO event_log (commit, tenant, body, day, at)
          SELECT ?::bigint, u.*, (now() AT TIME ZONE 'UTC')::date, now()
          FROM unnest(?::text[], ?::bytea[]) AS u
          """,
          (params, split) ->
              params
                  .number(split.batch().number())
                  .array(BinaryArray.texts(split.batch().events(), TenantEvents::tenant))
                  .array(
                      BinaryArray.blobs(
                          split.batch().events(), row -> EventCodec.encode(row.changes()))));

  static final CommitClause DECISIONS =
      CommitClause.of(
          "decisions",
          """
          INSERT INTO decision (commit, tenant, body, day, at)
          SELECT ?::bigint, u.*, (now() AT TIME ZONE 'UTC')::date, now()
          FROM unnest(?::text[], ?::bytea[]) AS u
          """,
          (params, split) -> {
            List<TenantDecisions> rows = split.batch().placement().decisions();
            params
                .number(split.batch().number())
                .array(BinaryArray.texts(rows, TenantDecisions::tenant))
                .array(BinaryArray.blobs(rows, row -> row.body().bytes()));
          });

  private static final CommitClause DEAD_LETTERS =
      CommitClause.of(
          "dead_letters",
          """
          INSERT INTO dead_letter (task, tenant, attempts, code, reason, message, metadata)
          SELECT * FROM unnest(?::uuid[], ?::text[], ?::integer[], ?::integer[], ?::text[],
            ?::text[], ?::bytea[])
          """,
          (params, split) -> {
            List<DeadLetter> rows = split.batch().tasks().deadLetters();
            params
                .array(BinaryArray.ids(rows, DeadLetter::task))
                .array(BinaryArray.texts(rows, DeadLetter::tenant))
                .array(BinaryArray.ints(rows, DeadLetter::attempts))
                .array(BinaryArray.ints(rows, row -> row.problem().code()))
                .array(BinaryArray.texts(rows, row -> row.problem().reason()))
                .array(BinaryArray.texts(rows, row -> row.problem().message()))
                .array(
                    BinaryArray.blobs(rows, row -> TextMapCodec.encode(row.problem().metadata())));
          });

  /** Locked first, so that what housekeeping has just deleted is not missed below. */
  static final CommitClause FOUND_LETTERS =
      CommitClause.of(
          "found_letters",
          """
          SELECT d.task, d.settled, u.redriven_as
          FROM unnest(?::uuid[], ?::text[], ?::uuid[]) AS u(task, tenant, redriven_as)
          JOIN dead_letter AS d ON d.task = u.task AND d.tenant = u.tenant
          FOR UPDATE OF d
          """,
          (params, split) -> {
            List<SettledLetter> rows = split.batch().tasks().settledLetters();
            params
                .array(BinaryArray.ids(rows, SettledLetter::task))
                .array(BinaryArray.texts(rows, SettledLetter::tenant))
                .array(BinaryArray.optionalIds(rows, SettledLetter::redrivenAs));
          });

  static final CommitClause SETTLED_LETTERS =
      CommitClause.of(
          "settled_letters",
          """
          UPDATE dead_letter AS d SET settled = now(), redriven_as = f.redriven_as
          FROM found_letters AS f WHERE d.task = f.task AND f.settled IS NULL
          RETURNING 1
          """,
          (params, split) -> {});

  private static final CommitClause WAITS =
      CommitClause.of(
          "waits",
          """
          INSERT INTO shape_wait (commit, shape, tenant, body, day, at)
          SELECT ?::bigint, u.*, (now() AT TIME ZONE 'UTC')::date, now()
          FROM unnest(?::integer[], ?::text[], ?::bytea[]) AS u
          """,
          (params, split) -> {
            List<ShapeWait> rows = split.batch().placement().waits();
            params
                .number(split.batch().number())
                .array(BinaryArray.ints(rows, ShapeWait::shape))
                .array(BinaryArray.texts(rows, ShapeWait::tenant))
                .array(BinaryArray.blobs(rows, row -> row.body().bytes()));
          });

  private static final CommitClause NEW_SHAPES =
      CommitClause.of(
          "new_shapes",
          """
          INSERT INTO shape (id, tenant, definition)
          SELECT * FROM unnest(?::integer[], ?::text[], ?::bytea[])
          """,
          (params, split) -> {
            List<ShapeRow> rows = split.batch().placement().newShapes();
            params
                .array(BinaryArray.ints(rows, ShapeRow::id))
                .array(BinaryArray.texts(rows, ShapeRow::tenant))
                .array(BinaryArray.blobs(rows, row -> row.definition().bytes()));
          });

  private static final CommitClause DROPPED_SHAPES =
      CommitClause.of(
          "dropped_shapes",
          "DELETE FROM shape USING unnest(?::integer[]) AS u(id) WHERE shape.id = u.id\n",
          (params, split) ->
              params.array(
                  BinaryArray.ints(split.batch().placement().droppedShapes(), Integer::intValue)));

  private static final CommitClause DRAINS =
      CommitClause.of(
          "drains",
          """
          INSERT INTO worker_drain (worker, deadline, stage, updated)
          SELECT u.*, now() FROM unnest(?::uuid[], ?::bigint[], ?::smallint[]) AS u
          ON CONFLICT (worker)
            DO UPDATE SET deadline = excluded.deadline, stage = excluded.stage, updated = now()
          """,
          (params, split) -> bindDrains(params, drains(split.batch().placement().drains(), true)));

  private static final CommitClause ENDED_DRAINS =
      CommitClause.of(
          "ended_drains",
          "DELETE FROM worker_drain AS d USING unnest(?::uuid[]) AS u(worker)"
              + " WHERE d.worker = u.worker\n",
          (params, split) ->
              params.array(
                  BinaryArray.workers(
                      drains(split.batch().placement().drains(), false), WorkerDrain::worker)));

  /** Written so seldom that they come together or not at all, to keep the texts few. */
  static final List<CommitClause> SELDOM =
      List.of(DEAD_LETTERS, WAITS, NEW_SHAPES, DROPPED_SHAPES, DRAINS, ENDED_DRAINS);

  private CommitClauses() {}

  static boolean anySeldom(GroupCommit batch) {
    PlacementRows placement = batch.placement();
    return !batch.tasks().deadLetters().isEmpty()
        || !placement.waits().isEmpty()
        || !placement.newShapes().isEmpty()
        || !placement.droppedShapes().isEmpty()
        || !placement.drains().isEmpty();
  }

  static CommitClause head(int cell) {
    return CommitClause.of(
        "head",
        """
        UPDATE cell_head SET last_commit = ?, seq = ?, fence = ?, shape = ?, commit_time = now()
        WHERE cell = ? AND last_commit = ? RETURNING 1
        """,
        (params, split) ->
            params
                .number(split.batch().number())
                .number(split.batch().head().seq())
                .number(split.batch().head().fence())
                .integer(split.batch().head().shape())
                .integer(cell)
                .number(split.batch().number() - 1));
  }

  static CommitClause buckets(int cell) {
    return CommitClause.of(
        "buckets",
        """
        INSERT INTO open_bucket (cell, minutes, read_from) VALUES (?, ?::integer[], ?)
        ON CONFLICT (cell) DO UPDATE SET minutes = excluded.minutes,
          read_from = excluded.read_from, stored = now()
        """,
        (params, split) -> {
          OpenBuckets open = split.batch().buckets();
          if (open == null) {
            throw new IllegalStateException("no buckets in commit " + split.batch().number());
          }
          params
              .integer(cell)
              .array(BinaryArray.ints(open.minutes(), Math::toIntExact))
              .number(open.readFrom());
        });
  }

  private static void bindDrains(Params params, List<WorkerDrain> rows) throws SQLException {
    params
        .array(BinaryArray.workers(rows, WorkerDrain::worker))
        .array(BinaryArray.longs(rows, WorkerDrain::deadlineMillis))
        .array(BinaryArray.shorts(rows, row -> row.stage().code()));
  }

  /** Of several about one worker the last counts. */
  private static List<WorkerDrain> drains(List<WorkerDrain> all, boolean lasting) {
    Map<WorkerId, WorkerDrain> last = new LinkedHashMap<>();
    all.forEach(drain -> last.put(drain.worker(), drain));
    return last.values().stream()
        .filter(drain -> (drain.stage() != WorkerDrain.Stage.NONE) == lasting)
        .toList();
  }
}
