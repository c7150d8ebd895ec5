package dev.weft.router.domain.placement;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How much each term of the composite score counts. */
public record Weights(double capability, double load, double latency, double cost) {

  /** 40 % fit, 30 % load, 20 % latency, 10 % cost. */
  public static final Weights STANDARD = new Weights(0.4, 0.3, 0.2, 0.1);

  private static final double ROUNDING = 1e-9;

  public Weights {
    check("weights", capability, load, latency, cost);
  }

  /**
   * @param field how a refusal names them
   * @throws IllegalArgumentException naming the field, its value and what was expected
   */
  public static Weights named(
      String field, double capability, double load, double latency, double cost) {
    check(field, capability, load, latency, cost);
    return new Weights(capability, load, latency, cost);
  }

  /** Comparisons are such that what is not a number fails them. */
  private static void check(
      String field, double capability, double load, double latency, double cost) {
    term(field + ".capability", capability);
    term(field + ".load", load);
    term(field + ".latency", latency);
    term(field + ".cost", cost);
    double sum = capability + load + latency + cost;
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException(
          "%s: %s + %s + %s + %s = %s (expected: a sum of 1)"
              .formatted(field, capability, load, latency, cost, shown(sum)));
    }
  }

  private static void term(String field, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: 0..1)");
    }
  }

  private static String shown(double sum) {
    return BigDecimal.valueOf(sum)
        .setScale(9, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
