package dev.weft.router.domain.cost;

/**
 * Most that a tenant's work may cost in a day of UTC, all of it together.
 *
 * @param daily at least a millionth of a currency's unit
 */
public record TenantBudget(String tenant, Budget daily) {

  /** In micros. Up to here sums of price and time stay exact in what counts them. */
  public static final long MOST = 1_000_000_000_000L;

  public TenantBudget {
    if (!daily.isSet() || daily.micros() > MOST) {
      throw new IllegalArgumentException(
          "budget: %d micros (expected: 1..%d)".formatted(daily.micros(), MOST));
    }
  }
}
