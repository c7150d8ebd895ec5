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
  private boolean broken;

  /**
   * @param microsPerHour price of the worker
   */
  public Tally(long microsPerHour) {
    this.microsPerHour = microsPerHour;
  }

  /** How the worker's sandboxes are. */
  public enum Sandboxes {
    WELL,
    /** Several failed in a row: by what tasks brought along, or by the worker. */
    SUSPECT,
    /** One that no task had a hand in failed too. */
    FAILED
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

  /** A sandbox was tried without a task: it is the worker that is wrong. */
  public void broken() {
    broken = true;
  }

  /** Sandboxes were tried and start. */
  public void repaired() {
    broken = false;
    brokenInARow = 0;
  }

  /** Tasks alone never make it say that it has failed: they may have broken their sandboxes. */
  public Sandboxes sandboxes() {
    if (broken) {
      return Sandboxes.FAILED;
    }
    return brokenInARow >= BROKEN_AFTER ? Sandboxes.SUSPECT : Sandboxes.WELL;
  }

  Totals totals() {
    long cost = Math.round((double) busy.toNanos() / NANOS_PER_HOUR * microsPerHour);
    return new Totals(succeeded, failed, busy, cost);
  }
}
