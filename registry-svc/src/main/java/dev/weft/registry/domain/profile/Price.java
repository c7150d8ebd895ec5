package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import java.util.regex.Pattern;

/**
 * What an hour costs.
 *
 * @param microsPerHour millionths of the currency's unit
 * @param currencyCode ISO 4217; empty when the price is not known, which is not the same as free
 */
public record Price(long microsPerHour, String currencyCode) {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  /** The machine's profile names none. */
  public static final Price UNKNOWN = new Price(0, "");

  public Price {
    Check.within("micros_per_hour", microsPerHour, 0, 1_000_000_000_000L);
    if (microsPerHour > 0 || !currencyCode.isEmpty()) {
      Check.matches("currency_code", currencyCode, CURRENCY);
    }
  }
}
