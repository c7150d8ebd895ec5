package dev.weft.e2e.history;

import com.google.protobuf.ByteString;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * I6: nothing is started while something more urgent waits that could have had its place. Looks at
 * tasks of one shape, at their first leases only: what is repeated has pauses of its own.
 */
final class OrderInvariant implements Invariant {

  /**
   * Beyond its class's deadline a task may go before more urgent ones; nothing is said of it from
   * then on.
   */
  private static final List<Long> DEADLINES =
      List.of(200L, 500L, 2_000L, 5_000L, 30_000L, 60_000L, 300_000L);

  /** A task's age counts from when its id was made, which is before its first event. */
  private static final long BEFORE_ACCEPTANCE = 10_000;

  private record Wait(String id, int urgency, long from, long until) {}

  @Override
  public void check(Run run, Consumer<String> breach) {
    Map<ByteString, List<Wait>> shapes = new HashMap<>();
    run.histories()
        .forEach(
            (id, history) ->
                waited(id, history)
                    .ifPresent(
                        wait ->
                            shapes
                                .computeIfAbsent(
                                    shape(history.task().getSpec()), key -> new ArrayList<>())
                                .add(wait)));
    shapes.values().forEach(waits -> check(waits, breach));
  }

  private static void check(List<Wait> waits, Consumer<String> breach) {
    for (Wait first : waits) {
      if (first.until - first.from + BEFORE_ACCEPTANCE > DEADLINES.get(first.urgency)) {
        continue;
      }
      for (Wait urgent : waits) {
        if (urgent.urgency < first.urgency
            && urgent.from < first.until
            && first.until < urgent.until) {
          breach.accept(
              "I6: %s (P%d) was started %d ms before %s (P%d), which had waited for %d ms"
                  .formatted(
                      first.id,
                      first.urgency,
                      urgent.until - first.until,
                      urgent.id,
                      urgent.urgency,
                      first.until - urgent.from));
        }
      }
    }
  }

  private static Optional<Wait> waited(String id, TaskHistory history) {
    TaskSpec spec = history.task().getSpec();
    if (spec.hasNotBefore() || history.events().isEmpty()) {
      return Optional.empty();
    }
    long from = TaskHistory.millis(history.events().getFirst());
    int code = spec.getPriorityClassValue();
    return history
        .first(TaskState.TASK_STATE_LEASED)
        .map(leased -> new Wait(id, code == 0 ? 2 : code - 1, from, TaskHistory.millis(leased)));
  }

  private static ByteString shape(TaskSpec spec) {
    return TaskSpec.newBuilder()
        .setRequirements(spec.getRequirements())
        .setResources(spec.getResources())
        .setSandboxLevel(spec.getSandboxLevel())
        .setQueue(spec.getQueue())
        .setDisplayName(spec.getExecutorCase().name())
        .build()
        .toByteString();
  }
}
