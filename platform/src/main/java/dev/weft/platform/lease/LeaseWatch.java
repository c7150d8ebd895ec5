package dev.weft.platform.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides for a standby when the holder counts as dead. Only time that successful reads cover is
 * counted: while the database was away or this process itself stood still, nobody could have seen a
 * beat, so nothing follows from it.
 */
final class LeaseWatch {
  private final String node;
  private final long silenceNanos;
  private final long longestGapNanos;
  private boolean firstLook = true;
  private @Nullable LeaseRow seen;
  private long unchangedSince;
  private long lastLook;

  /**
   * @param poll the intended time between looks; a gap of more than four of it is a stall of this
   *     process
   */
  LeaseWatch(String node, Duration silence, Duration poll) {
    this.node = node;
    this.silenceNanos = silence.toNanos();
    this.longestGapNanos = poll.toNanos() * 4;
  }

  /** A read succeeded at this monotonic time; true if the lease is to be taken now. */
  boolean mayTake(LeaseRow row, long nanos) {
    boolean previousLife = firstLook && row.holder().equals(node);
    firstLook = false;
    boolean changed = seen == null || seen.epoch() != row.epoch() || seen.beat() != row.beat();
    if (changed || nanos - lastLook > longestGapNanos) {
      unchangedSince = nanos;
    }
    seen = row;
    lastLook = nanos;
    return row.free() || previousLife || nanos - unchangedSince >= silenceNanos;
  }

  /**
   * A read failed, or this process was busy holding the lease: what was seen before no longer
   * counts.
   */
  void forget() {
    seen = null;
  }
}
