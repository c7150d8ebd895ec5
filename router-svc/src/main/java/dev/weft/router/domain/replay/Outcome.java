package dev.weft.router.domain.replay;

import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one task; times in nanoseconds after the range's start.
 *
 * @param readyAt from when it might start
 * @param endedAt of what is open no time
 */
public record Outcome(
    RecordedTask task, End end, long createdAt, long readyAt, long endedAt, List<Run> runs) {

  static final long NEVER = -1;

  /** How it ended, if it did. */
  public enum End {
    SUCCEEDED,
    FAILED,
    EXPIRED,
    CANCELLED,
    /** Turned away at the door. */
    REFUSED,
    OPEN;

    static End of(TaskState state) {
      return switch (state) {
        case SUCCEEDED -> SUCCEEDED;
        case FAILED -> FAILED;
        case EXPIRED -> EXPIRED;
        case CANCELLED -> CANCELLED;
        case QUEUED, LEASED, RUNNING, CANCELLING -> OPEN;
      };
    }
  }

  /**
   * An attempt.
   *
   * @param endedAt when it ended, or when nobody looked any more
   * @param price of its worker at its lease; null if there was none
   */
  public record Run(WorkerId worker, long startedAt, long endedAt, @Nullable Price price) {}

  public Outcome {
    runs = List.copyOf(runs);
  }

  /** It was leased at least once. */
  public boolean leased() {
    return !runs.isEmpty();
  }

  /** From when it might start to its first lease. */
  public long waitedNanos() {
    return Math.max(0, runs.getFirst().startedAt - readyAt);
  }

  /** It did what there was to do, well or not. */
  public boolean worked() {
    return end == End.SUCCEEDED || end == End.FAILED;
  }

  public long latencyNanos() {
    return Math.max(0, endedAt - createdAt);
  }

  boolean inTime() {
    return switch (end) {
      case SUCCEEDED, FAILED, CANCELLED -> latencyNanos() <= task.deadlineMillis() * 1_000_000;
      case EXPIRED, REFUSED, OPEN -> false;
    };
  }
}
