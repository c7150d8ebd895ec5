package dev.weft.gateway.output;

import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;

/**
 * What a reader of output knows of the task.
 *
 * @param attempts the number of its newest one; 0 before the first
 * @param ended whether there will be no more
 */
record TaskNews(int attempts, boolean ended) {

  static final TaskNews NONE = new TaskNews(0, false);

  TaskNews with(Task task) {
    return with(task.getAttempt(), task.getState());
  }

  TaskNews with(TaskEvent event) {
    return with(event.getAttempt(), event.getState());
  }

  TaskNews asEnded() {
    return new TaskNews(attempts, true);
  }

  /** Whether the attempt writes no more, but for what is still under way. */
  boolean isOver(int attempt) {
    return ended || attempt < attempts;
  }

  private TaskNews with(int attempt, TaskState state) {
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
    return new TaskNews(Math.max(attempts, attempt), ended || terminal);
  }
}
