package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * How many failed authentications one address may still make: a token bucket as a value.
 *
 * @param level whole and part failures left
 * @param nanos when the level was true, on a monotonic clock
 */
public record FailureBucket(double level, long nanos) {

  /**
   * How much is allowed.
   *
   * @param burst failures at once
   * @param refill how long one failure takes to be forgiven
   */
  public record Rate(int burst, Duration refill) {

    public Rate {
      if (burst < 1) {
        throw new IllegalArgumentException("burst: " + burst + " (expected: >= 1)");
      }
      if (refill.isNegative() || refill.isZero()) {
        throw new IllegalArgumentException("refill: " + refill + " (expected: > PT0S)");
      }
    }

    /** This gateway's part of a bound that several keep, each by itself. */
    public Rate share(int gateways) {
      return new Rate(Math.max(1, burst / gateways), refill.multipliedBy(gateways));
    }
  }

  public static FailureBucket full(Rate rate, long nanos) {
    return new FailureBucket(rate.burst(), nanos);
  }

  /** The bucket later on. */
  public FailureBucket at(long now, Rate rate) {
    double back = Math.max(0, now - nanos) / (double) rate.refill().toNanos();
    return new FailureBucket(Math.min(rate.burst(), level + back), now);
  }

  /**
   * The bucket after one more failure; never below empty, so that a flood does not lengthen the
   * wait.
   */
  public FailureBucket failed() {
    return new FailureBucket(Math.max(0, level - 1), nanos);
  }

  public boolean open() {
    return level >= 1;
  }

  public boolean full(Rate rate) {
    return level >= rate.burst();
  }

  /** How long until one try is allowed; zero if one is now. */
  public Duration wait(Rate rate) {
    if (open()) {
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - level) * rate.refill().toNanos()));
  }
}
