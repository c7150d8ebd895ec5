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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges a run by what the client was told and by what the mesh says afterwards.
 *
 * <ul>
 *   <li>I1 no loss: every task answered OK stands in exactly one terminal state.
 *   <li>I2 fencing: exactly one terminal transition per task, nothing after it.
 *   <li>I3 bounded duplicates: executions − tasks ≤ the sum over faults of what was in flight, plus
 *       the retries of tasks that failed by themselves.
 *   <li>I4 legal history: only allowed transitions, attempts never decrease, time never runs
 *       backwards.
 * </ul>
 */
public final class HistoryChecker {

  private static final Set<TaskState> TERMINAL =
      EnumSet.of(TASK_STATE_SUCCEEDED, TASK_STATE_FAILED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED);

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
          EnumSet.of(TASK_STATE_CANCELLED, TASK_STATE_FAILED),
          TASK_STATE_SUCCEEDED,
          EnumSet.noneOf(TaskState.class),
          TASK_STATE_FAILED,
          EnumSet.noneOf(TaskState.class),
          TASK_STATE_CANCELLED,
          EnumSet.noneOf(TaskState.class),
          TASK_STATE_EXPIRED,
          EnumSet.noneOf(TaskState.class));

  /** Returns one sentence per broken invariant; empty means that the run keeps the promise. */
  public List<String> violations(List<Operation> operations, Map<String, TaskHistory> histories) {
    List<String> violations = new ArrayList<>();
    for (Operation operation : operations) {
      if (operation instanceof Operation.Ok ok) {
        checkAcknowledged(ok, histories.get(ok.taskId()), violations);
      }
    }
    histories.forEach((id, history) -> checkLegal(id, history.events(), violations));
    checkDuplicates(operations, histories, violations);
    return violations;
  }

  private static void checkAcknowledged(
      Operation.Ok ok, @Nullable TaskHistory history, List<String> violations) {
    if (history == null) {
      violations.add(
          "I1: %s was acknowledged (operation %d) and is unknown"
              .formatted(ok.taskId(), ok.number()));
      return;
    }
    if (!TERMINAL.contains(history.task().getState())) {
      violations.add(
          "I1: %s was acknowledged and stands in %s"
              .formatted(ok.taskId(), history.task().getState()));
    }
    long ends =
        history.events().stream().filter(event -> TERMINAL.contains(event.getState())).count();
    if (ends != 1) {
      violations.add(
          "I2: %s has %d terminal transitions (expected: 1)".formatted(ok.taskId(), ends));
    }
  }

  private static void checkLegal(String id, List<TaskEvent> events, List<String> violations) {
    TaskState state = TaskState.TASK_STATE_UNSPECIFIED;
    int attempt = 0;
    long time = Long.MIN_VALUE;
    for (TaskEvent event : events) {
      if (!NEXT.getOrDefault(state, Set.of()).contains(event.getState())) {
        violations.add("I4: %s went from %s to %s".formatted(id, state, event.getState()));
      }
      if (event.getAttempt() < attempt) {
        violations.add(
            "I4: %s went from attempt %d to %d".formatted(id, attempt, event.getAttempt()));
      }
      long millis =
          event.getEventTime().getSeconds() * 1000 + event.getEventTime().getNanos() / 1_000_000;
      if (millis < time) {
        violations.add(
            "I4: %s has an event %d ms before the one before it".formatted(id, time - millis));
      }
      state = event.getState();
      attempt = event.getAttempt();
      time = millis;
    }
  }

  private static void checkDuplicates(
      List<Operation> operations, Map<String, TaskHistory> histories, List<String> violations) {
    long allowed = 0;
    Map<String, Integer> faults = new HashMap<>();
    for (Operation operation : operations) {
      if (operation instanceof Operation.Fault fault) {
        allowed += fault.inFlight();
        faults.merge(fault.what(), 1, Integer::sum);
      }
    }
    long extra = 0;
    for (TaskHistory history : histories.values()) {
      long failed =
          history.task().getEndedAttemptsList().stream()
              .filter(
                  a -> a.getState() == dev.weft.proto.tasks.v1.AttemptState.ATTEMPT_STATE_FAILED)
              .count();
      long own = history.task().getState() == TASK_STATE_FAILED ? failed - 1 : failed;
      extra += Math.max(0, history.executions() - 1 - Math.max(0, own));
    }
    if (extra > allowed) {
      violations.add(
          "I3: %d extra executions (expected: <= %d for the faults %s)"
              .formatted(extra, allowed, faults));
    }
  }
}
