package dev.weft.e2e.history;

import com.google.protobuf.Timestamp;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.ArrayList;
import java.util.List;

/** A task's history, told step by step for the checker's own tests; times in milliseconds. */
final class TaskStory {

  private final Task.Builder task = Task.newBuilder();
  private final TaskSpec.Builder spec =
      TaskSpec.newBuilder().setShell(ShellExecutor.getDefaultInstance());
  private final List<TaskEvent> events = new ArrayList<>();
  private int attempt;

  TaskStory(String id) {
    task.setId(id);
  }

  TaskStory urgency(PriorityClass priority) {
    spec.setPriorityClass(priority);
    return this;
  }

  TaskStory retries(int most, long firstPauseSeconds) {
    spec.setRetryPolicy(
        RetryPolicy.newBuilder()
            .setMaxRetries(most)
            .setInitialBackoff(
                com.google.protobuf.Duration.newBuilder().setSeconds(firstPauseSeconds)));
    return this;
  }

  TaskStory at(long millis, TaskState state) {
    return at(millis, state, "");
  }

  TaskStory at(long millis, TaskState state, String worker) {
    if (state == TaskState.TASK_STATE_LEASED) {
      attempt++;
    }
    task.setState(state).setAttempt(attempt);
    events.add(
        TaskEvent.newBuilder()
            .setTaskId(task.getId())
            .setState(state)
            .setAttempt(attempt)
            .setWorkerId(worker)
            .setEventTime(time(millis))
            .build());
    return this;
  }

  /** The present attempt failed then, and the task waits again. */
  TaskStory failed(long millis) {
    task.addEndedAttempts(
        Attempt.newBuilder()
            .setNumber(attempt)
            .setState(AttemptState.ATTEMPT_STATE_FAILED)
            .setEndTime(time(millis)));
    return at(millis, TaskState.TASK_STATE_QUEUED);
  }

  TaskHistory end() {
    return new TaskHistory(task.setSpec(spec).build(), events);
  }

  private static Timestamp time(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(millis / 1000)
        .setNanos((int) (millis % 1000) * 1_000_000)
        .build();
  }
}
