package dev.weft.router.store;

import dev.weft.router.app.JournalException;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes what a batch does to tasks that may have moved to the twin, inside a transaction that is
 * under way. The day is tried first, then the twin, each in a snapshot of its own: so a row that
 * moves meanwhile is met in one of them.
 */
final class OldRows {
  private final Connection connection;

  OldRows(Connection connection) {
    this.connection = connection;
  }

  void write(CommitSplit split) throws SQLException {
    List<ChangedTask> left = split.oldChanges();
    for (String table : List.of("task", "task_old")) {
      left = change(table, split.batch().number(), left);
    }
    if (!left.isEmpty()) {
      throw new JournalException.Mismatch(
          "task rows that are not as the placer knows them: %d, for example %s (expected: none)"
              .formatted(left.size(), left.getFirst().id()));
    }
    if (!split.oldAttempts().isEmpty()) {
      insert(
          TaskClauses.attemptSql("attempt_old"),
          params -> TaskClauses.bindAttempts(params, split.oldAttempts()));
    }
    if (!split.oldResults().isEmpty()) {
      insert(
          TaskClauses.resultSql("result_old"),
          params -> TaskClauses.bindResults(params, split.oldResults()));
    }
  }

  private List<ChangedTask> change(String table, long number, List<ChangedTask> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return rows;
    }
    Set<TaskId> done = new HashSet<>();
    try (PreparedStatement update = connection.prepareStatement(TaskClauses.changeSql(table))) {
      TaskClauses.bindChanges(new Params(update), number, rows);
      try (ResultSet changed = update.executeQuery()) {
        while (changed.next()) {
          done.add(TaskId.of(changed.getObject(1, UUID.class)));
        }
      }
    }
    return rows.stream().filter(row -> !done.contains(row.id())).toList();
  }

  private void insert(String sql, Binding binding) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      binding.bind(new Params(statement));
      statement.execute();
    }
  }

  private interface Binding {
    void bind(Params params) throws SQLException;
  }
}
