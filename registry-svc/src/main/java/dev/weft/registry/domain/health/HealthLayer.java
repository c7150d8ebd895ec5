package dev.weft.registry.domain.health;

/**
 * How many failures in a row make a layer bad, and how many successes in a row make it good again.
 */
public record HealthLayer(int failures, int recoveries) {

  public HealthLayer {
    atLeastOne("failures", failures);
    atLeastOne("recoveries", recoveries);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}
