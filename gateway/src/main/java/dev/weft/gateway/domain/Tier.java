package dev.weft.gateway.domain;

import java.util.Locale;

/**
 * What kind of customer a tenant is. The same factors as of the placer's levels; that they agree is
 * tested over both.
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

  /** Of what a basic tenant has. */
  int percent() {
    return percent;
  }

  /** As people write it. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
