package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Moves what is still open after two days to the unpartitioned twins, so that its day can be
 * dropped. A row that the journal is just changing is left for the next time: the journal may wait
 * for this, never this for the journal.
 */
final class OldTaskMover {
  static final int DAYS_IN_PLACE = 2;
  private static final int CHUNK = 500;
  private static final UUID FIRST = new UUID(0, 0);

  private final GuardedWork work;
  private final Partitions partitions;

  OldTaskMover(GuardedWork work, Partitions partitions) {
    this.work = work;
    this.partitions = partitions;
  }

  /** Returns how many tasks were moved. */
  int move() throws SQLException {
    int moved = 0;
    for (DayPartition day : partitions.of("task")) {
      if (day.before(partitions.today().minusDays(DAYS_IN_PLACE))) {
        moved += move(day);
      }
    }
    return moved;
  }

  private int move(DayPartition day) throws SQLException {
    String open =
        "SELECT id FROM %s WHERE id > ? AND state < 5 ORDER BY id LIMIT %d"
            .formatted(day.table("task"), CHUNK);
    int moved = 0;
    TaskId last = TaskId.of(FIRST);
    while (true) {
      TaskId from = last;
      List<TaskId> ids = work.query(open, params -> params.id(from), TaskIds::first);
      if (ids.isEmpty()) {
        return moved;
      }
      moved += work.transaction(() -> move(day, ids));
      last = ids.getLast();
    }
  }

  private int move(DayPartition day, List<TaskId> candidates) throws SQLException {
    List<TaskId> ids =
        work.query(
            "SELECT t.id FROM %s AS t JOIN unnest(?::uuid[]) AS u(id) ON t.id = u.id"
                    .formatted(day.table("task"))
                + " WHERE t.state < 5 FOR UPDATE OF t SKIP LOCKED",
            params -> params.array(BinaryArray.ids(candidates, Function.identity())),
            TaskIds::first);
    if (ids.isEmpty()) {
      return 0;
    }
    moveRows(day.table("task"), "task_old", "id", ids);
    moveRows(day.table("task_spec"), "task_spec_old", "id", ids);
    moveRows(day.table("attempt"), "attempt_old", "task", ids);
    return ids.size();
  }

  private void moveRows(String from, String to, String key, List<TaskId> ids) throws SQLException {
    work.update(
        "WITH moved AS (DELETE FROM %s AS t USING unnest(?::uuid[]) AS u(id) WHERE t.%s = u.id"
                .formatted(from, key)
            + " RETURNING t.*) INSERT INTO %s SELECT * FROM moved".formatted(to),
        params -> params.array(BinaryArray.ids(ids, Function.identity())));
  }
}
