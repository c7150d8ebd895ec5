package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskState;
import java.util.Arrays;
import java.util.List;

/** How well the cell has served its classes since this placer began. */
final class Tally {

  private static final int CLASSES = PriorityClass.values().length;

  private final long[] met = new long[CLASSES];
  private final long[] missed = new long[CLASSES];
  private final long[] shed = new long[CLASSES];

  /** Leases that went before a higher class because the task was overdue. */
  long aged;

  /** Attempts that were told to end for a P0 task. */
  long preempted;

  /** A task has ended. What its user cancelled, or asked to start later, says nothing. */
  void ended(TaskEntry entry, TaskState end, long nowMillis) {
    if (end == TaskState.CANCELLED || (entry.timed() && !entry.ownDeadline())) {
      return;
    }
    boolean inTime =
        end != TaskState.EXPIRED && entry.ageMillis(nowMillis) <= entry.deadlineMillis();
    long[] counts = inTime ? met : missed;
    counts[entry.stream.priority.code()]++;
  }

  void shed(PriorityClass priority) {
    shed[priority.code()]++;
  }

  ServiceLevels levels() {
    return new ServiceLevels(list(met), list(missed), list(shed), aged, preempted);
  }

  private static List<Long> list(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }
}
