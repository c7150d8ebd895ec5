package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Drops the days whose retention is over and in which nothing is open, and deletes from the tables
 * without days. Each step is a short transaction of its own that takes the lock of one table, so it
 * can neither stop the journal for long nor wait for it in a circle.
 */
final class RetentionSweep {
  private static final List<String> BY_TASK = List.of("task_spec", "attempt", "result");
  private static final List<String> BY_COMMIT =
      List.of("event_log", "decision", "shape_wait", "worker_history");
  private static final int KEY_DAYS = 2;
  private static final int COMMAND_DAYS = 7;
  private static final int POLICY_DAYS = 400;
  private static final int CHUNK = 500;
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final Logger LOG = Logger.getLogger(RetentionSweep.class);

  private final GuardedWork work;
  private final Partitions partitions;
  private final int days;

  RetentionSweep(GuardedWork work, Partitions partitions, int days) {
    this.work = work;
    this.partitions = partitions;
    this.days = days;
  }

  /** Returns the tables that were dropped. */
  List<String> sweep() throws SQLException {
    List<String> dropped = new ArrayList<>();
    dropTasks(dropped);
    for (String table : BY_COMMIT) {
      dropBefore(table, days, dropped);
    }
    dropBefore("request_key", KEY_DAYS, dropped);
    deleteOldTasks();
    deleteTokens();
    deleteAgents();
    deleteLeftovers();
    return dropped;
  }

  private void dropTasks(List<String> dropped) throws SQLException {
    for (DayPartition day : expired("task", days)) {
      if (anyOpen(day)) {
        continue;
      }
      work.transaction(
          () ->
              work.update(
                  "DELETE FROM dead_letter AS d WHERE d.task >= first_id_of(?::date)"
                      + " AND d.task < first_id_of(?::date + 1)"
                      + " AND NOT EXISTS (SELECT FROM task_old AS t WHERE t.id = d.task)",
                  params -> params.text(day.day().toString()).text(day.day().toString())));
      drop(day.table("task"), dropped);
    }
    List<DayPartition> left = partitions.of("task");
    for (String table : BY_TASK) {
      for (DayPartition day : expired(table, days)) {
        if (!left.contains(day)) {
          drop(day.table(table), dropped);
        }
      }
    }
  }

  private boolean anyOpen(DayPartition day) throws SQLException {
    return work.query(
            "SELECT EXISTS (SELECT FROM %s WHERE state < 5)".formatted(day.table("task")),
            GuardedWork.Binding.NONE,
            row -> row.getBoolean(1))
        .getFirst();
  }

  private void dropBefore(String table, int age, List<String> dropped) throws SQLException {
    for (DayPartition day : expired(table, age)) {
      drop(day.table(table), dropped);
    }
  }

  private List<DayPartition> expired(String table, int age) throws SQLException {
    DayPartition first = partitions.today().minusDays(age);
    return partitions.of(table).stream().filter(day -> day.before(first)).toList();
  }

  /** A table that somebody is using for long is left for the next time. */
  private void drop(String partition, List<String> dropped) throws SQLException {
    try {
      work.transaction(() -> work.update("DROP TABLE " + partition, GuardedWork.Binding.NONE));
      dropped.add(partition);
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      LOG.infof("expired day in use, left for the next time table=%s", partition);
    }
  }

  /** What has moved and has ended since is kept as long as the rest. */
  private void deleteOldTasks() throws SQLException {
    String ended =
        "SELECT id FROM task_old WHERE state >= 5 AND updated < now() - make_interval(days => ?)"
            + " LIMIT "
            + CHUNK;
    while (true) {
      List<TaskId> ids = work.query(ended, params -> params.integer(days), TaskIds::first);
      if (ids.isEmpty()) {
        return;
      }
      work.transaction(
          () -> {
            deleteByIds("dead_letter", "task", ids);
            deleteByIds("result_old", "task", ids);
            deleteByIds("attempt_old", "task", ids);
            deleteByIds("task_spec_old", "id", ids);
            return deleteByIds("task_old", "id", ids);
          });
    }
  }

  private long deleteByIds(String table, String key, List<TaskId> ids) throws SQLException {
    return work.update(
        "DELETE FROM %s AS t USING unnest(?::uuid[]) AS u(id) WHERE t.%s = u.id"
            .formatted(table, key),
        params -> params.array(BinaryArray.ids(ids, Function.identity())));
  }

  /** A task's are told as long as the task is; those of a day's tasks lie together in the key. */
  private void deleteTokens() throws SQLException {
    DayPartition first = partitions.of("task").getFirst();
    inChunks(
        "DELETE FROM token_use WHERE ctid = ANY (ARRAY(SELECT ctid FROM token_use AS u"
            + " WHERE u.task < first_id_of(?::date)"
            + " AND NOT EXISTS (SELECT FROM task_old AS t WHERE t.id = u.task) LIMIT "
            + CHUNK
            + "))",
        params -> params.text(first.day().toString()));
  }

  /** One that is over is kept until its body's end is known; its commands have ended with it. */
  private void deleteAgents() throws SQLException {
    inChunks(
        "DELETE FROM agent_command WHERE ctid = ANY (ARRAY(SELECT ctid FROM agent_command"
            + " WHERE ended < now() - make_interval(days => ?) LIMIT "
            + CHUNK
            + "))",
        params -> params.integer(COMMAND_DAYS));
    inChunks(
        "DELETE FROM agent WHERE id = ANY (ARRAY(SELECT id FROM agent WHERE state >= 7"
            + " AND body_task IS NULL AND state_since < now() - make_interval(days => ?) LIMIT "
            + CHUNK
            + "))",
        params -> params.integer(days));
  }

  private void inChunks(String sql, GuardedWork.Binding binding) throws SQLException {
    while (work.transaction(() -> work.update(sql, binding)) > 0) {
      // The next chunk.
    }
  }

  /** Rows in twins whose task never moved, since it ended before its turn; and small tables. */
  private void deleteLeftovers() throws SQLException {
    String age = " < now() - make_interval(days => ?)";
    String moved = " AND NOT EXISTS (SELECT FROM task_old AS t WHERE t.id = o.task)";
    for (String sql :
        List.of(
            "DELETE FROM result_old AS o WHERE o.stored" + age + moved,
            "DELETE FROM attempt_old AS o WHERE o.ended" + age + moved,
            "DELETE FROM worker_drain WHERE stage = 2 AND updated" + age)) {
      work.transaction(() -> work.update(sql, params -> params.integer(days)));
    }
    work.transaction(
        () ->
            work.update(
                "DELETE FROM worker_price WHERE seen" + age,
                params -> params.integer(POLICY_DAYS)));
    work.transaction(
        () ->
            work.update(
                "DELETE FROM policy AS p WHERE p.created"
                    + age
                    + " AND EXISTS (SELECT FROM policy AS n"
                    + " WHERE n.kind = p.kind AND n.name = p.name AND n.version > p.version)",
                params -> params.integer(POLICY_DAYS)));
  }
}
