package dev.weft.router.domain.cost;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * An exact cost: a price per hour times the time for which it was due, or a price of tokens times
 * their number. Charges are added exactly and rounded once, when they are shown, so neither the
 * number of attempts nor the places at which their time is cut changes a sum. Of one currency only.
 *
 * @param microHours millionths of the currency's unit per hour, times microseconds
 */
public record Charge(BigInteger microHours) {

  public static final Charge NONE = new Charge(BigInteger.ZERO);

  private static final BigDecimal MICROS_PER_HOUR = BigDecimal.valueOf(3_600_000_000L);
  private static final BigInteger MICROS_PER_HOUR_LESS_ONE =
      MICROS_PER_HOUR.toBigIntegerExact().subtract(BigInteger.ONE);

  /** An hour's microseconds are so many times a million. */
  private static final BigInteger MICRO_HOURS_PER_MILLIONTH = BigInteger.valueOf(3_600);

  private static final Duration MICRO = Duration.ofNanos(1_000);
  private static final int MICROS_DIGITS = 6;

  public Charge {
    if (microHours.signum() < 0) {
      throw new IllegalArgumentException("charge: " + microHours + " (expected: >= 0)");
    }
  }

  /** The formula: price times time. */
  public static Charge of(long microsPerHour, Duration ran) {
    long micros = ran.dividedBy(MICRO);
    return new Charge(BigInteger.valueOf(microsPerHour).multiply(BigInteger.valueOf(micros)));
  }

  /** Of so many millionths of a micro. */
  static Charge ofMillionths(BigInteger millionths) {
    return new Charge(millionths.multiply(MICRO_HOURS_PER_MILLIONTH));
  }

  public Charge plus(Charge other) {
    return new Charge(microHours.add(other.microHours));
  }

  /**
   * Millionths of the currency's unit, rounded half up; what no long can hold is its highest value.
   */
  public long micros() {
    BigInteger micros =
        new BigDecimal(microHours).divide(MICROS_PER_HOUR, 0, RoundingMode.HALF_UP).toBigInteger();
    return micros.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
  }

  /** {@link #micros}, rounded up. */
  public long microsCeiling() {
    BigInteger micros =
        microHours.add(MICROS_PER_HOUR_LESS_ONE).divide(MICROS_PER_HOUR.toBigIntegerExact());
    return micros.bitLength() < Long.SIZE ? micros.longValueExact() : Long.MAX_VALUE;
  }

  /** {@link #micros} in the currency's unit, for example 0.004150. */
  public String amount() {
    return amount(micros());
  }

  /** Micros in the currency's unit. */
  public static String amount(long micros) {
    return BigDecimal.valueOf(micros, MICROS_DIGITS).toPlainString();
  }
}
