package dev.weft.gateway.domain;

/**
 * What somebody wants to use.
 *
 * @param amount tokens or bytes
 * @param priority 0 for P0 to 6
 * @param user empty for none
 */
public record RateWish(RatedResource resource, long amount, int priority, String user) {

  /**
   * @throws InvalidRequest naming what is wrong
   */
  public RateWish {
    if (amount < 1) {
      throw InvalidRequest.of("amount", amount, "1 at least");
    }
    TaskRules.checkText("user", user);
  }
}
