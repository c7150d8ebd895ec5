package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether this gateway reaches the shared buckets. After a failure it counts as cut off for as long
 * as it keeps trying, and one try at a time is enough for all tenants.
 */
final class BucketReach {

  /** How often it is tried whether they are back. */
  static final Duration PROBE = Duration.ofMillis(100);

  private final AtomicLong probedAt = new AtomicLong();
  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile boolean failing;
  private volatile long since;
  private volatile long failedAt;

  /** Whether submissions are not to wait for an answer now. */
  boolean cutOff(long now) {
    return failing && until() - now > 0;
  }

  /** Since when it has been cut off without a break. */
  long since() {
    return since;
  }

  /** Until when each tenant's own part counts. */
  long until() {
    return failedAt + Grant.ALONE.toNanos();
  }

  /** Takes the turn to try again, if it is time. */
  boolean mayProbe(long now) {
    long last = probedAt.get();
    return now - last >= PROBE.toNanos() && probedAt.compareAndSet(last, now);
  }

  void failed(long now) {
    probedAt.set(now);
    failsStill(now);
  }

  /** A question that is late already has not been answered yet. */
  void failsStill(long now) {
    if (!cutOff(now)) {
      since = now;
    }
    failedAt = now;
    failing = true;
  }

  /** Takes it on to try on as long as it is cut off, whoever comes; false if someone has. */
  boolean watch() {
    return watched.compareAndSet(false, true);
  }

  void unwatch() {
    watched.set(false);
  }

  void reached() {
    if (failing) {
      failing = false;
    }
  }
}
