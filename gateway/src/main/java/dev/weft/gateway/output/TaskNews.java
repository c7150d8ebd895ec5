package dev.weft.gateway.output;

import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.HashSet;
import java.util.Set;

/**
 * What a reader of output knows of the task.
 *
 * @param attempts the number of its newest one; 0 before the first
 * @param ended whether there will be no more
 * @param lost the numbers of those whose workers are known to be lost
 */
record TaskNews(int attempts, boolean ended, Set<Integer> lost) {

  static final TaskNews NONE = new TaskNews(0, false, Set.of());

  private static final String WORKER_LOST = "WORKER_LOST";

  TaskNews with(Task task) {
    return with(task.getAttempt(), task.getState(), lost);
  }

  TaskNews with(TaskEvent event) {
    Set<Integer> gone = lost;
    if (event.getReason().equals(WORKER_LOST)) {
      gone = new HashSet<>(lost);
      gone.add(event.getAttempt());
    }
    return with(event.getAttempt(), event.getState(), gone);
  }

  TaskNews asEnded() {
    return new TaskNews(attempts, true, lost);
  }

  /** Whether nobody is left who would say that the attempt's output ends. */
  boolean isLost(int attempt) {
    return lost.contains(attempt);
  }

  /** Whether the attempt writes no more, but for what is still under way. */
  boolean isOver(int attempt) {
    return ended || attempt < attempts || lost.contains(attempt);
  }

  private TaskNews with(int attempt, TaskState state, Set<Integer> gone) {
    boolean terminal =
        switch (state) {
          case TASK_STATE_SUCCEEDED, TASK_STATE_FAILED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED ->
              true;
          case TASK_STATE_QUEUED,
              TASK_STATE_LEASED,
              TASK_STATE_RUNNING,
              TASK_STATE_CANCELLING,
              TASK_STATE_UNSPECIFIED,
              UNRECOGNIZED ->
              false;
        };
    return new TaskNews(Math.max(attempts, attempt), ended || terminal, gone);
  }
}
