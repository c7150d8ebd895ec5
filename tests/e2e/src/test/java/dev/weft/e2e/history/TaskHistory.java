package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import java.util.List;

/**
 * What the mesh itself says of one task after the run: its last state and every event, oldest
 * first.
 */
public record TaskHistory(Task task, List<TaskEvent> events) {

  public TaskHistory {
    events = List.copyOf(events);
  }

  /** Attempts that were started or may have been; each is one possible execution. */
  public int executions() {
    return task.getAttempt();
  }
}
