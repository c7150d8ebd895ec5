package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * I5: at most max_retries + 1 attempts fail; the next begins no sooner than its pause; a task whose
 * retries are spent says why.
 */
final class RetryInvariant implements Invariant {

  private static final int RETRIES = 3;
  private static final long FIRST_PAUSE = 2_000;
  private static final long LONGEST_PAUSE = 300_000;

  /** The placer reckons the database's time from its last commit. */
  private static final long CLOCK_ERROR = 100;

  @Override
  public void check(Run run, Consumer<String> breach) {
    run.histories().forEach((id, history) -> check(id, history, breach));
  }

  private static void check(String id, TaskHistory history, Consumer<String> breach) {
    Task task = history.task();
    List<Attempt> failed =
        task.getEndedAttemptsList().stream()
            .filter(attempt -> attempt.getState() == AttemptState.ATTEMPT_STATE_FAILED)
            .toList();
    RetryPolicy policy = task.getSpec().getRetryPolicy();
    int most = policy.hasMaxRetries() ? policy.getMaxRetries() : RETRIES;
    if (failed.size() > most + 1) {
      breach.accept(
          "I5: %s has failed %d times (expected: <= %d)".formatted(id, failed.size(), most + 1));
    }
    if (task.getState() == TaskState.TASK_STATE_FAILED && task.getProblem().getReason().isEmpty()) {
      breach.accept("I5: %s is FAILED without a reason".formatted(id));
    }
    for (int i = 0; i < failed.size(); i++) {
      long pause = pause(policy, i + 1);
      Attempt attempt = failed.get(i);
      long ended = TaskHistory.millis(attempt.getEndTime());
      leased(history, attempt.getNumber() + 1)
          .map(TaskHistory::millis)
          .filter(next -> next - ended < pause - CLOCK_ERROR)
          .ifPresent(
              next ->
                  breach.accept(
                      "I5: %s was tried again %d ms after failure %d (expected: >= %d)"
                          .formatted(id, next - ended, attempt.getNumber(), pause)));
    }
  }

  private static Optional<TaskEvent> leased(TaskHistory history, int attempt) {
    return history.events().stream()
        .filter(event -> event.getState() == TaskState.TASK_STATE_LEASED)
        .filter(event -> event.getAttempt() == attempt)
        .findFirst();
  }

  private static long pause(RetryPolicy policy, int failures) {
    long first = policy.hasInitialBackoff() ? millis(policy.getInitialBackoff()) : FIRST_PAUSE;
    long longest = policy.hasMaxBackoff() ? millis(policy.getMaxBackoff()) : LONGEST_PAUSE;
    return Math.min(first << Math.min(failures - 1, 20), Math.max(first, longest));
  }

  private static long millis(com.google.protobuf.Duration duration) {
    return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
  }
}
