package dev.weft.registry.domain.health;

import java.time.Duration;

/**
 * Monotonic time in which the judge was awake. While it stood still (paused, starved, collecting
 * garbage) it could not have seen a beat, so such a gap counts only as long as an ordinary pause
 * between two looks: nobody is judged for it.
 */
public final class ObservedTime {

  private final long longestGapNanos;
  private long lastTick;
  private long observed;

  public ObservedTime(Duration longestGap, long nanos) {
    this.longestGapNanos = longestGap.toNanos();
    this.lastTick = nanos;
  }

  /** The observed time at this tick of the monotonic clock. */
  public long at(long nanos) {
    long gap = Math.max(0, nanos - lastTick);
    observed += Math.min(gap, longestGapNanos);
    lastTick = Math.max(lastTick, nanos);
    return observed;
  }
}
