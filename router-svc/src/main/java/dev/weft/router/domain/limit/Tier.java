package dev.weft.router.domain.limit;

/**
 * What kind of customer a tenant is. The names are stored: never change one. The gateway's rates
 * have the same factors; that they agree is tested over both.
 */
public enum Tier {
  FREE(50),
  BASIC(100),
  PREMIUM(200),
  ENTERPRISE(400);

  private final int percent;

  Tier(int percent) {
    this.percent = percent;
  }

  /** Of what a basic tenant may have. */
  int percent() {
    return percent;
  }
}
