package dev.weft.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of a currency as people write it: {@code 0.05}, {@code 1.20EUR}. */
public record Money(long micros, String currency) {

  /** Of the table of prices of which {@code weft cost agents} estimates. */
  public static final String USUAL_CURRENCY = "USD";

  private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(?:\\.\\d{1,6})?");
  private static final Pattern TEXT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?) ?([A-Z]{3})?");
  private static final int MICROS_DIGITS = 6;

  /**
   * @param option that it was given for
   */
  public static Money parse(String option, String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new OptionFault(
          option, text, "for example 0.05EUR; without a currency it is " + USUAL_CURRENCY);
    }
    long micros = new BigDecimal(matcher.group(1)).movePointRight(MICROS_DIGITS).longValueExact();
    if (micros == 0) {
      throw new OptionFault(option, text, "at least 0.000001");
    }
    return new Money(micros, Objects.requireNonNullElse(matcher.group(2), USUAL_CURRENCY));
  }

  /**
   * Millionths of an amount that may be 0 and stands without its currency.
   *
   * @param option that it was given for
   */
  public static long micros(String option, String text) {
    if (!AMOUNT.matcher(text).matches()) {
      throw new OptionFault(option, text, "an amount of at least 0, for example 3 or 0.25");
    }
    return new BigDecimal(text).movePointRight(MICROS_DIGITS).longValueExact();
  }

  /** In the currency's unit, without zeros at its end beyond the second digit: 3.00, 0.0025. */
  public static String amount(long micros) {
    BigDecimal amount = BigDecimal.valueOf(micros, MICROS_DIGITS).stripTrailingZeros();
    return amount.setScale(Math.max(2, amount.scale())).toPlainString();
  }

  /** As the contract's Budget in JSON. */
  public void putInto(ObjectNode budget) {
    budget.put("micros", Long.toString(micros)).put("currencyCode", currency);
  }
}
