package dev.weft.gateway.domain;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/** The currencies of ISO 4217, as the JDK knows them. */
public final class Currencies {

  public static final String EXPECTED = "a code of ISO 4217, for example USD";

  private static final Set<String> CODES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private Currencies() {}

  public static boolean isKnown(String code) {
    return CODES.contains(code);
  }
}
