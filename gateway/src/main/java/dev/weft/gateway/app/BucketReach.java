package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether this gateway reaches the shared buckets. After a failure it counts as cut off for as long
 * as it keeps trying, and one try at a time is enough for all that come.
 */
final class BucketReach {

  /** How often it is tried whether they are back. */
  static final Duration PROBE = Duration.ofMillis(100);

  /** A question whose answer never comes must not be the last one. */
  private static final long ABANDON_NANOS = Duration.ofSeconds(2).toNanos();

  private final AtomicLong probedAt = new AtomicLong();
  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile boolean failing;
  private volatile long since;
  private volatile long failedAt;

  /** What is to be done about the buckets being away. */
  enum Turn {
    /** Nothing: they are back, or nobody counts as cut off any more. */
    OVER,
    /** To look again after {@link #PROBE}. */
    WAIT,
    /** To ask, and then to look again. */
    ASK
  }

  /** Whether nobody is to wait for an answer now. */
  boolean cutOff(long now) {
    return failing && until() - now > 0;
  }

  /** Since when it has been cut off without a break. */
  long since() {
    return since;
  }

  /** Until when own parts count. */
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

  /** Whether the answer to what was asked then may still come. */
  static boolean mayCome(long asked, long now) {
    return now - asked < ABANDON_NANOS;
  }

  /**
   * Has {@link #turn} asked on as long as it is cut off, though nobody comes: else the own part of
   * whoever comes seldom would begin anew each time, and empty. Does nothing if somebody does that.
   */
  void watch(Later later, Runnable tryOn) {
    if (watched.compareAndSet(false, true)) {
      later.run(PROBE, tryOn);
    }
  }

  /**
   * The turn of who watches.
   *
   * @param underWay whether its last question may still be answered
   * @param late whether nobody waits for that any longer
   */
  Turn turn(long now, boolean underWay, boolean late) {
    if (underWay && late) {
      failsStill(now);
    }
    if (!cutOff(now)) {
      watched.set(false);
      return Turn.OVER;
    }
    return !underWay && mayProbe(now) ? Turn.ASK : Turn.WAIT;
  }

  void reached() {
    if (failing) {
      failing = false;
    }
  }
}
