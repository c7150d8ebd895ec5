package dev.weft.registry.domain.report;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.util.List;
import java.util.Optional;

/**
 * What changes from beat to beat.
 *
 * @param usage of the machine
 */
public record WorkerLoad(
    ActivityStatus status,
    long slotsTotal,
    long slotsUsed,
    Usage usage,
    List<String> runningTaskIds) {

  /** Before the first beat. */
  public static final WorkerLoad UNKNOWN =
      new WorkerLoad(ActivityStatus.IDLE, 0, 0, new Usage(0, 0, 0), List.of());

  private static final long MOST_SLOTS = 1_000_000;
  private static final int MOST_TASKS = 4096;
  private static final int LONGEST_ID = 64;
  private static final double WORTH_TELLING = 0.02;
  private static final double FULL = 0.98;

  /** Parts of the machine in use, 0…1 each. */
  public record Usage(double cpu, double memory, double disk) {

    public Usage {
      Check.fraction("cpu", cpu);
      Check.fraction("memory", memory);
      Check.fraction("disk", disk);
    }

    boolean near(Usage other) {
      return Math.abs(cpu - other.cpu) < WORTH_TELLING
          && Math.abs(memory - other.memory) < WORTH_TELLING
          && Math.abs(disk - other.disk) < WORTH_TELLING;
    }
  }

  public WorkerLoad {
    Check.within("slots_total", slotsTotal, 0, MOST_SLOTS);
    Check.within("slots_used", slotsUsed, 0, MOST_SLOTS);
    if (slotsUsed > slotsTotal) {
      throw new InvalidFieldException(
          "slots_used", slotsUsed, "at most slots_total, " + slotsTotal);
    }
    if (runningTaskIds.size() > MOST_TASKS) {
      throw new InvalidFieldException(
          "running_task_ids", runningTaskIds.size() + " entries", "at most " + MOST_TASKS);
    }
    for (String id : runningTaskIds) {
      Check.text("running_task_ids", id, LONGEST_ID);
    }
    runningTaskIds = List.copyOf(runningTaskIds);
  }

  public boolean busy() {
    return slotsUsed > 0 || !runningTaskIds.isEmpty();
  }

  /**
   * Whether a watcher that knows the other learns something: small moves of the machine's usage are
   * not worth a step.
   */
  public boolean worthTelling(WorkerLoad known) {
    return status != known.status
        || slotsTotal != known.slotsTotal
        || slotsUsed != known.slotsUsed
        || !usage.near(known.usage)
        || !runningTaskIds.equals(known.runningTaskIds);
  }

  /** What in this report speaks against giving the worker anything to do. */
  public Optional<String> complaint() {
    if (status == ActivityStatus.FAILED) {
      return Optional.of("the worker reports itself failed");
    }
    if (usage.disk >= FULL) {
      return Optional.of("the disk is full");
    }
    return usage.memory >= FULL ? Optional.of("the memory is full") : Optional.empty();
  }
}
