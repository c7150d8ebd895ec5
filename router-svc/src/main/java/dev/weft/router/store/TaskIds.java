package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Reads ids out of results. */
final class TaskIds {

  private TaskIds() {}

  static TaskId first(ResultSet row) throws SQLException {
    return TaskId.of(row.getObject(1, UUID.class));
  }
}
