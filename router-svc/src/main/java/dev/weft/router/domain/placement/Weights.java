package dev.weft.router.domain.placement;

/** How much each term counts; a version names what a Decision used. */
public record Weights(String version, double capability, double load, double latency, double cost) {

  /** 40 % fit, 30 % load, 20 % latency, 10 % cost. */
  public static final Weights STANDARD = new Weights("standard-1", 0.4, 0.3, 0.2, 0.1);

  public Weights {
    double sum = capability + load + latency + cost;
    if (capability < 0 || load < 0 || latency < 0 || cost < 0 || Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "weights: %s + %s + %s + %s (expected: none below 0, sum 1)"
              .formatted(capability, load, latency, cost));
    }
  }
}
