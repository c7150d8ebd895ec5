package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** I7: no worker ever holds more commands than it has slots for. */
final class CreditInvariant implements Invariant {

  private record Step(long at, int change) {}

  @Override
  public void check(Run run, Consumer<String> breach) {
    Map<String, List<Step>> steps = new HashMap<>();
    for (TaskHistory history : run.histories().values()) {
      if (history.task().getSpec().hasShell()) {
        leases(history, run.limits().slots(), steps);
      }
    }
    steps.forEach(
        (worker, all) -> {
          int slots = run.limits().slots().getOrDefault(worker, Integer.MAX_VALUE);
          int most = most(all);
          if (most > slots) {
            breach.accept(
                "I7: %s held %d commands at once (expected: <= %d)".formatted(worker, most, slots));
          }
        });
  }

  private static void leases(
      TaskHistory history, Map<String, Integer> slots, Map<String, List<Step>> steps) {
    String holder = "";
    for (TaskEvent event : history.events()) {
      boolean goesOn =
          event.getState() == TaskState.TASK_STATE_RUNNING
              || event.getState() == TaskState.TASK_STATE_CANCELLING;
      if (!holder.isEmpty() && !goesOn) {
        step(steps, holder, event, -1);
        holder = "";
      }
      if (event.getState() == TaskState.TASK_STATE_LEASED
          && slots.containsKey(event.getWorkerId())) {
        holder = event.getWorkerId();
        step(steps, holder, event, 1);
      }
    }
  }

  private static void step(
      Map<String, List<Step>> steps, String worker, TaskEvent event, int change) {
    steps
        .computeIfAbsent(worker, key -> new ArrayList<>())
        .add(new Step(TaskHistory.millis(event), change));
  }

  /** What ends and what begins in one commit has one time: there the end comes first. */
  private static int most(List<Step> steps) {
    steps.sort(Comparator.comparingLong(Step::at).thenComparingInt(Step::change));
    int now = 0;
    int most = 0;
    for (Step step : steps) {
      now += step.change;
      most = Math.max(most, now);
    }
    return most;
  }
}
