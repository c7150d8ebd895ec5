package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether this gateway reaches the shared buckets. After a failure it counts as cut off for as long
 * as it keeps trying, and one try at a time is enough for all tenants.
 */
final class BucketReach {

  private static final long PROBE_NANOS = Duration.ofMillis(100).toNanos();

  private final AtomicLong probedAt = new AtomicLong();
  private volatile boolean failing;
  private volatile long failedAt;

  /** Whether submissions are not to wait for an answer now. */
  boolean cutOff(long now) {
    return failing && until() - now > 0;
  }

  /** Until when each tenant's own part counts. */
  long until() {
    return failedAt + Grant.ALONE.toNanos();
  }

  /** Takes the turn to try again, if it is time. */
  boolean mayProbe(long now) {
    long last = probedAt.get();
    return now - last >= PROBE_NANOS && probedAt.compareAndSet(last, now);
  }

  void failed(long now) {
    probedAt.set(now);
    failsStill(now);
  }

  /** A question that is late already has not been answered yet. */
  void failsStill(long now) {
    failedAt = now;
    failing = true;
  }

  void reached() {
    if (failing) {
      failing = false;
    }
  }
}
