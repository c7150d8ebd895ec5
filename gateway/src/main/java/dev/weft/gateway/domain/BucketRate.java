package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * By what a shared bucket refills.
 *
 * @param perSecond tokens
 * @param most tokens that it holds
 * @param gateways most that run at once: each refills its part while the bucket is away
 */
public record BucketRate(double perSecond, double most, int gateways) {

  private static final double SECOND_NANOS = 1e9;

  /** How long so many tokens take to come back. */
  public Duration refill(double tokens) {
    return Duration.ofNanos((long) Math.ceil(Math.max(0, tokens) / perSecond * SECOND_NANOS));
  }

  /** What one gateway refills by itself. */
  double localPerNano() {
    return perSecond / gateways / SECOND_NANOS;
  }

  /** What one gateway by itself holds at most. */
  double localMost() {
    return most / gateways;
  }
}
