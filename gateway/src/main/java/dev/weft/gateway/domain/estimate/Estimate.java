package dev.weft.gateway.domain.estimate;

/** What a fleet would cost with one provider, if anything can be said. */
public sealed interface Estimate {

  Provider provider();

  /**
   * Costs of a month.
   *
   * @param host who sells it
   * @param asked for the hours asked for
   * @param active all agents active all month
   * @param hibernated all agents hibernated all month
   */
  record Priced(
      Provider provider,
      String host,
      String region,
      String size,
      MonthCosts asked,
      MonthCosts active,
      MonthCosts hibernated)
      implements Estimate {}

  /** No size fits, or the table has no price. */
  record Unavailable(Provider provider, String why) implements Estimate {}
}
