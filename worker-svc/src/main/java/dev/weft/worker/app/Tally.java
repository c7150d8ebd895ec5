package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.FailureReason.Kind;
import java.time.Duration;

/**
 * The work that this incarnation has done, as totals that never fall. Cancelled and preempted
 * attempts say nothing of how good the worker is and are not counted. Not safe for threads.
 */
public final class Tally {

  private static final long NANOS_PER_HOUR = Duration.ofHours(1).toNanos();
  private static final int BROKEN_AFTER = 3;

  private final long microsPerHour;
  private long succeeded;
  private long failed;
  private Duration busy = Duration.ZERO;
  private int brokenInARow;

  /**
   * @param microsPerHour price of the worker
   */
  public Tally(long microsPerHour) {
    this.microsPerHour = microsPerHour;
  }

  /** What was done so far. */
  public record Totals(long succeeded, long failed, Duration busy, long costMicros) {}

  void add(AttemptResult result) {
    FailureReason reason = result.failure().map(failure -> failure.reason()).orElse(null);
    if (reason != null && reason.kind() != Kind.FAILED) {
      return;
    }
    brokenInARow = reason == FailureReason.SANDBOX_FAILED ? brokenInARow + 1 : 0;
    if (reason == null) {
      succeeded++;
    } else {
      failed++;
    }
    busy = busy.plus(result.report().wallTime());
  }

  /** Sandboxes were tried and start again. */
  void repaired() {
    brokenInARow = 0;
  }

  /** Its sandboxes fail one after the other: the worker itself is what is wrong. */
  boolean broken() {
    return brokenInARow >= BROKEN_AFTER;
  }

  Totals totals() {
    long cost = Math.round((double) busy.toNanos() / NANOS_PER_HOUR * microsPerHour);
    return new Totals(succeeded, failed, busy, cost);
  }
}
