package dev.weft.registry.domain.health;

import java.time.Duration;

/**
 * When a worker is not well. Layer 1 is the beat itself, layer 2 what the beat reports, layers 3
 * and 4 are what the worker finds when it asks itself; the worst of them is the verdict.
 *
 * @param beatInterval how often a worker beats
 */
public record HealthPolicy(
    Duration beatInterval,
    HealthLayer echo,
    HealthLayer report,
    ProbeRule application,
    ProbeRule deep) {

  public HealthPolicy {
    if (beatInterval.isNegative() || beatInterval.isZero()) {
      throw new IllegalArgumentException("beat interval: " + beatInterval + " (expected: > PT0S)");
    }
  }

  /** Three in a row to fall, two of layer 3 and one of layer 4; two in a row to rise. */
  public static HealthPolicy standard(Duration beatInterval) {
    return new HealthPolicy(
        beatInterval,
        new HealthLayer(3, 2),
        new HealthLayer(3, 2),
        new ProbeRule(Duration.ofSeconds(30), Duration.ofSeconds(10), new HealthLayer(2, 2)),
        new ProbeRule(Duration.ofSeconds(60), Duration.ofSeconds(30), new HealthLayer(1, 2)));
  }

  /** The rule of a layer that the worker asks itself. */
  public ProbeRule rule(ProbedLayer layer) {
    return switch (layer) {
      case APPLICATION -> application;
      case DEEP -> deep;
    };
  }
}
