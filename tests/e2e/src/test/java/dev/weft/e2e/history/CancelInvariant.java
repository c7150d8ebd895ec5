package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.TaskState;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * I10: what is cancelled before it starts never runs; no success after a cancel that was answered
 * OK; what runs is gone within the bound.
 */
final class CancelInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    run.all(Operation.Cancelled.class)
        .forEach(cancel -> answered(cancel, run.histories().get(cancel.taskId()), breach));
    boolean faults = run.all(Operation.Fault.class).findAny().isPresent();
    run.histories()
        .forEach(
            (id, history) -> {
              neverRan(id, history, breach);
              if (!faults) {
                ended(id, history, run.limits(), breach);
              }
            });
  }

  private static void answered(
      Operation.Cancelled cancel, @Nullable TaskHistory history, Consumer<String> breach) {
    if (history == null) {
      breach.accept("I10: %s was cancelled and is unknown".formatted(cancel.taskId()));
      return;
    }
    TaskState end = history.task().getState();
    boolean wasOver = TaskHistory.TERMINAL.contains(cancel.state());
    if (wasOver ? end != cancel.state() : end != TaskState.TASK_STATE_CANCELLED) {
      breach.accept(
          "I10: %s is %s after its cancel was answered OK with %s"
              .formatted(cancel.taskId(), end, cancel.state()));
    }
  }

  private static void neverRan(String id, TaskHistory history, Consumer<String> breach) {
    if (history.task().getState() == TaskState.TASK_STATE_CANCELLED
        && history.first(TaskState.TASK_STATE_LEASED).isEmpty()
        && (history.task().getAttempt() > 0 || history.task().hasResult())) {
      breach.accept("I10: %s was cancelled before its start and ran".formatted(id));
    }
  }

  private static void ended(
      String id, TaskHistory history, Limits limits, Consumer<String> breach) {
    Optional<Long> asked = history.first(TaskState.TASK_STATE_CANCELLING).map(TaskHistory::millis);
    Optional<Long> gone = history.first(TaskState.TASK_STATE_CANCELLED).map(TaskHistory::millis);
    if (asked.isPresent()
        && gone.isPresent()
        && gone.get() - asked.get() > limits.cancel().toMillis()) {
      breach.accept(
          "I10: %s ended %d ms after its cancel (expected: <= %d)"
              .formatted(id, gone.get() - asked.get(), limits.cancel().toMillis()));
    }
  }
}
