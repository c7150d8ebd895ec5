package dev.weft.router.store;

import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.UsedTokens;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a group commit writes to the tables that are named by a task's id. */
final class TaskClauses {

  static final CommitClause ADMITTED =
      CommitClause.of(
          "admitted",
          """
          INSERT INTO task (id, tenant, class, shape, seq, retry, expires, affinity, state,
            not_before, failures, losses, worker, fence, attempt, result_attempt, started, last_commit,
            updated)
          SELECT u.id, u.tenant, u.class, u.shape, u.seq, u.retry, u.expires, u.affinity, u.state,
            u.not_before, u.failures, u.losses, u.worker, u.fence, u.attempt, u.result_attempt,
            CASE WHEN u.fence > 0 THEN now() END, ?::bigint, now()
          FROM unnest(?::uuid[], ?::text[], ?::smallint[], ?::integer[], ?::bigint[], ?::bigint[],
            ?::bigint[], ?::smallint[], ?::smallint[], ?::bigint[], ?::smallint[], ?::smallint[],
            ?::uuid[], ?::bigint[], ?::integer[], ?::integer[])
          AS u(id, tenant, class, shape, seq, retry, expires, affinity, state, not_before, failures, losses,
            worker, fence, attempt, result_attempt)
          """,
          TaskClauses::bindAdmitted);

  static final CommitClause SPECS =
      CommitClause.of(
          "specs",
          """
          INSERT INTO task_spec (id, tenant, principal, traceparent, spec, owner, created)
          SELECT u.*, now()
          FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[]) AS u
          """,
          (params, split) -> {
            List<AdmittedTask> rows = split.batch().tasks().admitted();
            params
                .array(BinaryArray.ids(rows, row -> row.row().id()))
                .array(BinaryArray.texts(rows, row -> row.row().origin().tenant()))
                .array(BinaryArray.texts(rows, row -> row.spec().principal()))
                .array(BinaryArray.texts(rows, row -> row.spec().traceparent()))
                .array(BinaryArray.blobs(rows, row -> row.spec().spec().bytes()))
                .array(BinaryArray.texts(rows, row -> row.spec().user()));
          });

  static final CommitClause KEYS =
      CommitClause.of(
          "keys",
          """
          INSERT INTO request_key (tenant, request_id, task, digest, day, used)
          SELECT u.*, (now() AT TIME ZONE 'UTC')::date, now()
          FROM unnest(?::text[], ?::text[], ?::uuid[], ?::bytea[]) AS u
          """,
          (params, split) -> {
            List<AdmittedTask> rows = keyed(split.batch());
            params
                .array(BinaryArray.texts(rows, row -> row.row().origin().tenant()))
                .array(BinaryArray.texts(rows, row -> row.spec().requestId()))
                .array(BinaryArray.ids(rows, row -> row.row().id()))
                .array(BinaryArray.blobs(rows, row -> row.spec().digest().bytes()));
          });

  static final CommitClause ATTEMPTS =
      CommitClause.of(
          "attempts",
          attemptSql("attempt"),
          (params, split) -> bindAttempts(params, split.recentAttempts()));

  static final CommitClause RESULTS =
      CommitClause.of(
          "results",
          resultSql("result"),
          (params, split) -> bindResults(params, split.recentResults()));

  static final CommitClause TOKENS =
      CommitClause.of(
          "tokens",
          """
          INSERT INTO token_use (task, number, model, input, output, day, day_input, day_output, updated)
          SELECT u.*, now()
          FROM unnest(?::uuid[], ?::integer[], ?::text[], ?::bigint[], ?::bigint[], ?::integer[],
            ?::bigint[], ?::bigint[]) AS u
          ON CONFLICT (task, number, model) DO UPDATE
            SET input = excluded.input, output = excluded.output, day = excluded.day,
              day_input = excluded.day_input, day_output = excluded.day_output, updated = now()
          """,
          (params, split) -> {
            List<UsedTokens> rows = split.batch().tasks().tokens();
            params
                .array(BinaryArray.ids(rows, UsedTokens::task))
                .array(BinaryArray.ints(rows, UsedTokens::attempt))
                .array(BinaryArray.texts(rows, UsedTokens::model))
                .array(BinaryArray.longs(rows, row -> row.tokens().input()))
                .array(BinaryArray.longs(rows, row -> row.tokens().output()))
                .array(BinaryArray.ints(rows, row -> (int) row.day()))
                .array(BinaryArray.longs(rows, row -> row.today().input()))
                .array(BinaryArray.longs(rows, row -> row.today().output()));
          });

  private TaskClauses() {}

  /** Changes of recent tasks of one day; its name in the statement is the table's. */
  static CommitClause changed(DayPartition day) {
    return CommitClause.of(
        day.table("changed"),
        changeSql(day.table("task")),
        (params, split) -> bindChanges(params, split.batch().number(), split.recentChanges(day)));
  }

  static List<AdmittedTask> keyed(GroupCommit batch) {
    return batch.tasks().admitted().stream()
        .filter(row -> !row.spec().requestId().isEmpty())
        .toList();
  }

  /**
   * Changes rows of one table that are as the placer knows them; returns the ids of those.
   *
   * @param table a partition by its own name, which spares the statement the others; or all of them
   */
  static String changeSql(String table) {
    return """
    UPDATE %s AS t SET state = u.state, not_before = u.not_before, failures = u.failures,
      losses = u.losses, worker = u.worker, fence = u.fence, attempt = u.attempt,
      result_attempt = u.result_attempt, last_commit = ?::bigint, updated = now(),
      started = CASE WHEN u.fence <> t.fence THEN now() ELSE t.started END
    FROM unnest(?::uuid[], ?::bigint[], ?::smallint[], ?::bigint[], ?::smallint[], ?::smallint[],
      ?::uuid[], ?::bigint[], ?::integer[], ?::integer[])
    AS u(id, expected, state, not_before, failures, losses, worker, fence, attempt, result_attempt)
    WHERE t.id = u.id AND t.last_commit = u.expected
    RETURNING t.id
    """
        .formatted(table);
  }

  static void bindChanges(Params params, long number, List<ChangedTask> rows) throws SQLException {
    params
        .number(number)
        .array(BinaryArray.ids(rows, ChangedTask::id))
        .array(BinaryArray.longs(rows, ChangedTask::expectedCommit));
    bindProgress(params, rows, ChangedTask::progress);
  }

  /** The table's rows that are written for attempts that ended otherwise than by success. */
  static String attemptSql(String table) {
    return """
    INSERT INTO %s (task, number, worker, fence, state, started, code, reason, message, metadata,
      result, ended)
    SELECT u.*, now()
    FROM unnest(?::uuid[], ?::integer[], ?::uuid[], ?::bigint[], ?::smallint[], ?::timestamptz[],
      ?::integer[], ?::text[], ?::text[], ?::bytea[], ?::bytea[]) AS u
    """
        .formatted(table);
  }

  static void bindAttempts(Params params, List<EndedAttempt> rows) throws SQLException {
    params
        .array(BinaryArray.ids(rows, EndedAttempt::task))
        .array(BinaryArray.ints(rows, row -> row.lease().number()))
        .array(BinaryArray.workers(rows, row -> row.lease().worker()))
        .array(BinaryArray.longs(rows, row -> row.lease().fence()))
        .array(BinaryArray.shorts(rows, row -> row.state().code()))
        .array(BinaryArray.times(rows, EndedAttempt::startTime))
        .array(BinaryArray.ints(rows, row -> row.problem().code()))
        .array(BinaryArray.texts(rows, row -> row.problem().reason()))
        .array(BinaryArray.texts(rows, row -> row.problem().message()))
        .array(BinaryArray.blobs(rows, row -> TextMapCodec.encode(row.problem().metadata())))
        .array(BinaryArray.blobs(rows, TaskClauses::resultOf));
  }

  static String resultSql(String table) {
    return """
    INSERT INTO %s (task, attempt, body)
    SELECT * FROM unnest(?::uuid[], ?::integer[], ?::bytea[])
    """
        .formatted(table);
  }

  static void bindResults(Params params, List<TaskResult> rows) throws SQLException {
    params
        .array(BinaryArray.ids(rows, TaskResult::task))
        .array(BinaryArray.ints(rows, TaskResult::attempt))
        .array(BinaryArray.blobs(rows, row -> row.result().bytes()));
  }

  private static void bindAdmitted(Params params, CommitSplit split) throws SQLException {
    List<AdmittedTask> rows = split.batch().tasks().admitted();
    Function<AdmittedTask, TaskOrigin> origin = row -> row.row().origin();
    params
        .number(split.batch().number())
        .array(BinaryArray.ids(rows, row -> row.row().id()))
        .array(BinaryArray.texts(rows, row -> origin.apply(row).tenant()))
        .array(BinaryArray.shorts(rows, row -> origin.apply(row).urgency().pack()))
        .array(BinaryArray.ints(rows, row -> origin.apply(row).shape()))
        .array(BinaryArray.longs(rows, row -> origin.apply(row).seq()))
        .array(BinaryArray.longs(rows, row -> origin.apply(row).retry().pack()))
        .array(BinaryArray.longs(rows, row -> origin.apply(row).expiresAtMillis()))
        .array(BinaryArray.shorts(rows, row -> origin.apply(row).affinity().code()));
    bindProgress(params, rows, row -> row.row().progress());
  }

  private static <T> void bindProgress(
      Params params, List<T> rows, Function<T, TaskProgress> progress) throws SQLException {
    params
        .array(BinaryArray.shorts(rows, row -> progress.apply(row).state().code()))
        .array(BinaryArray.longs(rows, row -> progress.apply(row).notBeforeMillis()))
        .array(BinaryArray.shorts(rows, row -> progress.apply(row).failures()))
        .array(BinaryArray.shorts(rows, row -> progress.apply(row).losses()))
        .array(
            BinaryArray.workers(
                rows,
                row -> {
                  LeaseRef lease = progress.apply(row).attempt();
                  return lease == null ? null : lease.worker();
                }))
        .array(BinaryArray.longs(rows, row -> fence(progress.apply(row).attempt())))
        .array(BinaryArray.ints(rows, row -> number(progress.apply(row).attempt())))
        .array(BinaryArray.ints(rows, row -> progress.apply(row).resultAttempt()));
  }

  private static long fence(@Nullable LeaseRef lease) {
    return lease == null ? 0 : lease.fence();
  }

  private static int number(@Nullable LeaseRef lease) {
    return lease == null ? 0 : lease.number();
  }

  private static byte @Nullable [] resultOf(EndedAttempt attempt) {
    return attempt.result() == null ? null : Objects.requireNonNull(attempt.result()).bytes();
  }
}
