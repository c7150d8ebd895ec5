package dev.weft.router.domain.cost;

/**
 * Most that a tenant's work may use in a day of UTC, all of it together: of money, of tokens of
 * models, or of both.
 *
 * @param daily {@link Budget#NONE} for no budget in money
 * @param dailyTokens in and out of all models; 0 for no budget in tokens
 */
public record TenantBudget(String tenant, Budget daily, long dailyTokens) {

  /** In micros. Up to here sums of price and time stay exact in what counts them. */
  public static final long MOST = 1_000_000_000_000L;

  public static final long MOST_TOKENS = 1_000_000_000_000_000L;

  public TenantBudget {
    if (daily.micros() > MOST) {
      throw new IllegalArgumentException(
          "budget: %d micros (expected: 0..%d)".formatted(daily.micros(), MOST));
    }
    if (dailyTokens < 0 || dailyTokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "budget: %d tokens (expected: 0..%d)".formatted(dailyTokens, MOST_TOKENS));
    }
    if (!daily.isSet() && dailyTokens == 0) {
      throw new IllegalArgumentException(
          "budget of " + tenant + ": none (expected: an amount, tokens or both)");
    }
  }

  /** Of money alone. */
  public TenantBudget(String tenant, Budget daily) {
    this(tenant, daily, 0);
  }
}
