package dev.weft.router.domain.cost;

import java.math.BigInteger;
import java.time.Duration;

/**
 * How far a budget reaches for one attempt. The cost that it keeps below the budget is the one that
 * is charged: price times time from the lease to the stored end, and tokens of models.
 *
 * @param before what the task's earlier attempts cost, and this one's tokens
 * @param microsPerHour the worker's price at the lease, in the budget's currency
 */
public record Meter(Budget budget, Charge before, long microsPerHour) {

  /**
   * An attempt is told to end so long before the budget is spent: its end must be noticed and
   * stored by then.
   */
  public static final Duration LEAD = Duration.ofMillis(500);

  /** What would have to end sooner is not begun. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  public static final long NEVER = Long.MAX_VALUE;

  private static final BigInteger MICRO_HOURS_PER_MICRO = BigInteger.valueOf(3_600_000_000L);
  private static final BigInteger MICROS_PER_MILLI = BigInteger.valueOf(1_000);
  private static final BigInteger LONGEST_MILLIS =
      BigInteger.valueOf(Duration.ofDays(36_500).toMillis());

  /** How long after its lease the budget is spent, in milliseconds rounded down. */
  public long reachMillis() {
    BigInteger left =
        BigInteger.valueOf(budget.micros())
            .multiply(MICRO_HOURS_PER_MICRO)
            .subtract(before.microHours())
            .max(BigInteger.ZERO);
    if (microsPerHour == 0) {
      // Of what is left only tokens can take more.
      return left.signum() > 0 ? NEVER : 0;
    }
    BigInteger millis = left.divide(BigInteger.valueOf(microsPerHour).multiply(MICROS_PER_MILLI));
    return millis.compareTo(LONGEST_MILLIS) > 0 ? NEVER : millis.longValueExact();
  }

  /** How long after its lease the attempt must be told to end; {@link #NEVER} without a limit. */
  public long stopMillis() {
    long reach = reachMillis();
    return reach == NEVER ? NEVER : Math.max(0, reach - LEAD.toMillis());
  }

  /** Whether the attempt is worth its start. */
  public boolean worthwhile() {
    return reachMillis() >= SHORTEST.toMillis();
  }

  /** What the task has cost when the attempt has been leased for so long. */
  public Charge after(Duration leased) {
    return before.plus(Charge.of(microsPerHour, leased));
  }
}
