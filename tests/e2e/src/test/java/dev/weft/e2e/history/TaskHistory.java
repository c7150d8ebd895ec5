package dev.weft.e2e.history;

import com.google.protobuf.Timestamp;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the mesh itself says of one task after the run: its last state and every event, oldest
 * first.
 */
public record TaskHistory(Task task, List<TaskEvent> events) {

  static final Set<TaskState> TERMINAL =
      EnumSet.of(
          TaskState.TASK_STATE_SUCCEEDED,
          TaskState.TASK_STATE_FAILED,
          TaskState.TASK_STATE_CANCELLED,
          TaskState.TASK_STATE_EXPIRED);

  public TaskHistory {
    events = List.copyOf(events);
  }

  /** Attempts that were started or may have been; each is one possible execution. */
  public int executions() {
    return task.getAttempt();
  }

  boolean ended() {
    return TERMINAL.contains(task.getState());
  }

  /** The first step to that state. */
  Optional<TaskEvent> first(TaskState state) {
    return events.stream().filter(event -> event.getState() == state).findFirst();
  }

  static long millis(Timestamp time) {
    return time.getSeconds() * 1000 + time.getNanos() / 1_000_000;
  }

  static long millis(TaskEvent event) {
    return millis(event.getEventTime());
  }
}
