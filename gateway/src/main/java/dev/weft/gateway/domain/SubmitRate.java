package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * How much one tenant may submit: at most {@code perSecond · t + burst} tasks in any time t, at all
 * gateways together.
 *
 * <p>Tokens that a gateway has taken in advance are spent later than they left the shared bucket,
 * by a lease at most, and what is held for a moment. So the shared bucket holds less than the
 * burst, by what refills in that time; then the bound holds whoever has taken how many.
 *
 * @param perSecond tasks
 * @param burst tasks at once, after a pause
 * @param gateways most that run at once: each refills its part while the shared bucket is away
 */
public record SubmitRate(long perSecond, long burst, int gateways) {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Who finds no token may have one that refills so soon, and is let through when it has. */
  static final long HOLD_NANOS = Duration.ofMillis(25).toNanos();

  private static final long LONGEST_LEASE = Duration.ofMillis(500).toNanos();

  /** A lease takes so small a part of the burst. */
  private static final int LEASES = 4;

  /** Shorter bursts than a 10th of a second would end leases before they arrive. */
  private static final int BURSTS_PER_SECOND = 10;

  public SubmitRate {
    if (perSecond < 1 || perSecond > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "rate: " + perSecond + " (expected: 1.." + Integer.MAX_VALUE + ")");
    }
    if (gateways < 1) {
      throw new IllegalArgumentException("gateways: " + gateways + " (expected: >= 1)");
    }
    long least = Math.max(2L * gateways, Math.ceilDiv(perSecond, (long) BURSTS_PER_SECOND));
    if (burst < least || burst > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "burst: " + burst + " (expected: " + least + ".." + Integer.MAX_VALUE + ")");
    }
  }

  /** How long tokens from the shared bucket may be spent, from when they were asked for. */
  public long leaseNanos() {
    return Math.min(LONGEST_LEASE, (long) (burst / (double) LEASES / perSecond * SECOND));
  }

  /** What the shared bucket holds at most. */
  public double shared() {
    return burst - perSecond * ((leaseNanos() + HOLD_NANOS) / (double) SECOND);
  }

  /** By what the shared bucket refills. */
  public BucketRate bucket() {
    return new BucketRate(perSecond, shared(), gateways);
  }

  /** The most that is worth taking in advance. */
  long mostAhead() {
    return Math.max(1, (long) (perSecond * (leaseNanos() / (double) SECOND) / 2));
  }

  /** What one gateway by itself holds at most. */
  double localBurst() {
    return burst / (double) gateways;
  }
}
