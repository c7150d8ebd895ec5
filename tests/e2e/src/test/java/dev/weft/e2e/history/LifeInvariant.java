package dev.weft.e2e.history;

import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_CANCELLED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_CANCELLING;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_EXPIRED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_FAILED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_LEASED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_QUEUED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_RUNNING;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_SUCCEEDED;

import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * I1: every task answered OK stands in exactly one terminal state. I2: exactly one terminal
 * transition for each, and its result is that of its last attempt. I4: only allowed transitions,
 * attempts never decrease, time never runs backwards.
 */
final class LifeInvariant implements Invariant {

  /** What a command prints that says which attempt it is: {@code attempt $WEFT_ATTEMPT}. */
  private static final Pattern ATTEMPT = Pattern.compile("(?m)^attempt (\\d+)$");

  /** A task may be leased in the very commit that admits it, so LEASED can come first. */
  private static final Map<TaskState, Set<TaskState>> NEXT =
      Map.of(
          TaskState.TASK_STATE_UNSPECIFIED,
          EnumSet.of(TASK_STATE_QUEUED, TASK_STATE_LEASED),
          TASK_STATE_QUEUED,
          EnumSet.of(TASK_STATE_LEASED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED),
          TASK_STATE_LEASED,
          EnumSet.of(
              TASK_STATE_RUNNING,
              TASK_STATE_QUEUED,
              TASK_STATE_CANCELLING,
              TASK_STATE_SUCCEEDED,
              TASK_STATE_FAILED,
              TASK_STATE_CANCELLED),
          TASK_STATE_RUNNING,
          EnumSet.of(
              TASK_STATE_QUEUED,
              TASK_STATE_CANCELLING,
              TASK_STATE_SUCCEEDED,
              TASK_STATE_FAILED,
              TASK_STATE_CANCELLED),
          TASK_STATE_CANCELLING,
          EnumSet.of(TASK_STATE_CANCELLED, TASK_STATE_FAILED));

  @Override
  public void check(Run run, Consumer<String> breach) {
    run.all(Operation.Ok.class)
        .forEach(ok -> acknowledged(ok, run.histories().get(ok.taskId()), breach));
    run.histories()
        .forEach(
            (id, history) -> {
              legal(id, history.events(), breach);
              ownResult(id, history, breach);
            });
  }

  private static void acknowledged(
      Operation.Ok ok, @Nullable TaskHistory history, Consumer<String> breach) {
    if (history == null) {
      breach.accept(
          "I1: %s was acknowledged (operation %d) and is unknown"
              .formatted(ok.taskId(), ok.number()));
      return;
    }
    if (!history.ended()) {
      breach.accept(
          "I1: %s was acknowledged and stands in %s"
              .formatted(ok.taskId(), history.task().getState()));
    }
    long ends =
        history.events().stream()
            .filter(event -> TaskHistory.TERMINAL.contains(event.getState()))
            .count();
    if (ends != 1) {
      breach.accept(
          "I2: %s has %d terminal transitions (expected: 1)".formatted(ok.taskId(), ends));
    }
  }

  private static void ownResult(String id, TaskHistory history, Consumer<String> breach) {
    if (history.task().getState() != TASK_STATE_SUCCEEDED) {
      return;
    }
    Matcher printed = ATTEMPT.matcher(history.task().getResult().getStdout().toStringUtf8());
    if (printed.find() && Integer.parseInt(printed.group(1)) != history.task().getAttempt()) {
      breach.accept(
          "I2: %s has the result of attempt %s (expected: of %d, its last)"
              .formatted(id, printed.group(1), history.task().getAttempt()));
    }
  }

  private static void legal(String id, List<TaskEvent> events, Consumer<String> breach) {
    TaskState state = TaskState.TASK_STATE_UNSPECIFIED;
    int attempt = 0;
    long time = Long.MIN_VALUE;
    for (TaskEvent event : events) {
      if (!NEXT.getOrDefault(state, Set.of()).contains(event.getState())) {
        breach.accept("I4: %s went from %s to %s".formatted(id, state, event.getState()));
      }
      if (event.getAttempt() < attempt) {
        breach.accept(
            "I4: %s went from attempt %d to %d".formatted(id, attempt, event.getAttempt()));
      }
      long millis = TaskHistory.millis(event);
      if (millis < time) {
        breach.accept(
            "I4: %s has an event %d ms before the one before it".formatted(id, time - millis));
      }
      state = event.getState();
      attempt = event.getAttempt();
      time = millis;
    }
  }
}
