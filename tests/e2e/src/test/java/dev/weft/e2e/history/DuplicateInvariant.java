package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * I3: executions less tasks are at most the sum over faults of what was in flight, plus the retries
 * of tasks that failed by themselves.
 */
final class DuplicateInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    Map<String, Integer> faults = new TreeMap<>();
    run.all(Operation.Fault.class)
        .forEach(fault -> faults.merge(fault.what(), fault.inFlight(), Integer::sum));
    long allowed = faults.values().stream().mapToLong(Integer::longValue).sum();
    long extra = run.histories().values().stream().mapToLong(DuplicateInvariant::extra).sum();
    if (extra > allowed) {
      breach.accept(
          "I3: %d extra executions (expected: <= %d for the faults %s); attempts that ended early: %s"
              .formatted(extra, allowed, faults, early(run)));
    }
  }

  /** How often attempts ended otherwise than by themselves, by state and reason. */
  private static Map<String, Integer> early(Run run) {
    Map<String, Integer> counts = new TreeMap<>();
    run.histories().values().stream()
        .flatMap(history -> history.task().getEndedAttemptsList().stream())
        .forEach(
            attempt ->
                counts.merge(
                    attempt.getState()
                        + " "
                        + attempt.getProblem().getReason()
                        + " "
                        + attempt.getProblem().getMessage().replaceAll("(wkr|tsk)_\\w+", "*"),
                    1,
                    Integer::sum));
    return counts;
  }

  private static long extra(TaskHistory history) {
    long failed =
        history.task().getEndedAttemptsList().stream()
            .filter(attempt -> attempt.getState() == AttemptState.ATTEMPT_STATE_FAILED)
            .count();
    long own = history.task().getState() == TaskState.TASK_STATE_FAILED ? failed - 1 : failed;
    return Math.max(0, history.executions() - 1 - Math.max(0, own));
  }
}
