package dev.weft.router.domain.cost;

import java.math.BigInteger;

/**
 * What a model's tokens cost.
 *
 * @param currency ISO 4217; empty for a model without a price
 * @param inputMicros millionths of the currency's unit for a million tokens that go in
 * @param outputMicros the same for a million that come out
 */
public record ModelPrice(String model, String currency, long inputMicros, long outputMicros) {

  /** In micros. Up to here an attempt's tokens cost what a bill can show. */
  public static final long MOST = 1_000_000_000_000L;

  public static final int LONGEST_MODEL = 128;

  public ModelPrice {
    if (model.isEmpty() || model.length() > LONGEST_MODEL) {
      throw new IllegalArgumentException(
          "model: %s (expected: 1..%d characters)".formatted(model, LONGEST_MODEL));
    }
    check("input_micros", inputMicros);
    check("output_micros", outputMicros);
    if (currency.isEmpty() && inputMicros + outputMicros > 0) {
      throw new IllegalArgumentException("currency of " + model + ": none (expected: one)");
    }
  }

  private static void check(String what, long micros) {
    if (micros < 0 || micros > MOST) {
      throw new IllegalArgumentException("%s: %d (expected: 0..%d)".formatted(what, micros, MOST));
    }
  }

  /** Of a model that has no price from now on. */
  public static ModelPrice none(String model) {
    return new ModelPrice(model, "", 0, 0);
  }

  public boolean isSet() {
    return !currency.isEmpty();
  }

  /** The formula: tokens times price; exact. */
  public Charge charge(TokenCount tokens) {
    return Charge.ofMillionths(
        product(inputMicros, tokens.input()).add(product(outputMicros, tokens.output())));
  }

  private static BigInteger product(long micros, long tokens) {
    return BigInteger.valueOf(micros).multiply(BigInteger.valueOf(tokens));
  }
}
