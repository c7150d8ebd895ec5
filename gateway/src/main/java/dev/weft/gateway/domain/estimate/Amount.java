package dev.weft.gateway.domain.estimate;

import java.math.BigInteger;

/**
 * An exact sum of money, a fraction of thousand-millionths of the currency's unit, never negative.
 * Rounded only where it is shown.
 */
public record Amount(BigInteger numerator, BigInteger denominator) {

  public static final Amount ZERO = nanos(0);

  private static final BigInteger NANOS_PER_MICRO = BigInteger.valueOf(1000);

  public Amount {
    if (numerator.signum() < 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException(
          "amount: " + numerator + "/" + denominator + " (expected: not negative)");
    }
    BigInteger common = numerator.gcd(denominator);
    numerator = numerator.divide(common);
    denominator = denominator.divide(common);
  }

  public static Amount nanos(long nanos) {
    return new Amount(BigInteger.valueOf(nanos), BigInteger.ONE);
  }

  public Amount times(long factor) {
    return new Amount(numerator.multiply(BigInteger.valueOf(factor)), denominator);
  }

  public Amount over(long divisor) {
    return new Amount(numerator, denominator.multiply(BigInteger.valueOf(divisor)));
  }

  public Amount plus(Amount other) {
    return new Amount(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** What is left of it, zero if the other is more. */
  Amount less(Amount other) {
    BigInteger rest =
        numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator));
    return new Amount(rest.max(BigInteger.ZERO), denominator.multiply(other.denominator));
  }

  /** Millionths of the currency's unit, rounded half up. */
  public long micros() {
    BigInteger divisor = denominator.multiply(NANOS_PER_MICRO);
    return numerator.shiftLeft(1).add(divisor).divide(divisor.shiftLeft(1)).longValueExact();
  }
}
