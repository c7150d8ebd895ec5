package dev.weft.gateway.domain.estimate;

import java.time.LocalDate;

/**
 * A published price.
 *
 * @param nanos thousand-millionths of the currency's unit, for one unit
 * @param host who sells it
 * @param source the page that publishes it
 * @param statedOn when it was last seen stated; of a month that is known alone, its first day
 */
public record Price(
    String item,
    String unit,
    long nanos,
    String host,
    String region,
    String source,
    LocalDate statedOn) {

  Amount amount() {
    return Amount.nanos(nanos);
  }
}
