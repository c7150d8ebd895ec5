package dev.weft.registry.domain.report;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;

/**
 * What one incarnation of a worker has completed since it started.
 *
 * @param busy the sum of the attempts' durations
 * @param costMicros the sum of their costs
 */
public record CompletedWork(long succeeded, long failed, Duration busy, long costMicros) {

  private static final long MOST = 1_000_000_000_000_000L;
  private static final Duration LONGEST = Duration.ofDays(10_000_000);

  public static final CompletedWork NONE = new CompletedWork(0, 0, Duration.ZERO, 0);

  public CompletedWork {
    Check.within("succeeded", succeeded, 0, MOST);
    Check.within("failed", failed, 0, MOST);
    Check.within("cost_micros", costMicros, 0, MOST);
    if (busy.isNegative() || busy.compareTo(LONGEST) > 0) {
      throw new InvalidFieldException("busy", busy, "PT0S to " + LONGEST);
    }
  }

  /** Totals never fall; what does is an echo of the past. */
  boolean olderThan(CompletedWork other) {
    return succeeded < other.succeeded
        || failed < other.failed
        || busy.compareTo(other.busy) < 0
        || costMicros < other.costMicros;
  }

  CompletedWork since(CompletedWork earlier) {
    return new CompletedWork(
        succeeded - earlier.succeeded,
        failed - earlier.failed,
        busy.minus(earlier.busy),
        costMicros - earlier.costMicros);
  }
}
