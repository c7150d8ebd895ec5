package dev.weft.router.domain.cost;

/**
 * Most that a task may cost, over all its attempts.
 *
 * @param micros millionths of the currency's unit; 0 for no budget
 * @param currency ISO 4217; empty for no budget
 */
public record Budget(long micros, String currency) {

  public static final Budget NONE = new Budget(0, "");

  public Budget {
    if (micros < 0 || (micros == 0) != currency.isEmpty()) {
      throw new IllegalArgumentException(
          "budget: %d micros of \"%s\" (expected: at least 1 of a currency, or neither)"
              .formatted(micros, currency));
    }
  }

  public boolean isSet() {
    return micros > 0;
  }

  /** In the currency's unit, for example 0.004150. */
  public String amount() {
    return Charge.amount(micros);
  }
}
