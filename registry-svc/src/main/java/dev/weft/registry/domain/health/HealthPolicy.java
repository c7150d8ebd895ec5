package dev.weft.registry.domain.health;

import java.time.Duration;

/**
 * When a worker is not well. Layer 1 is the beat itself, layer 2 what the beat reports; the worse
 * of them is the verdict.
 *
 * @param beatInterval how often a worker beats
 */
public record HealthPolicy(Duration beatInterval, HealthLayer echo, HealthLayer report) {

  public HealthPolicy {
    if (beatInterval.isNegative() || beatInterval.isZero()) {
      throw new IllegalArgumentException("beat interval: " + beatInterval + " (expected: > PT0S)");
    }
  }

  /** Three in a row to fall, two in a row to rise. */
  public static HealthPolicy standard(Duration beatInterval) {
    return new HealthPolicy(beatInterval, new HealthLayer(3, 2), new HealthLayer(3, 2));
  }
}
