package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.fleet.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/** What a task with a budget spends in one attempt. */
final class Spending {

  static final Comparator<Spending> EARLIEST =
      Comparator.comparingLong((Spending spending) -> spending.stopAtMillis)
          .thenComparingLong(spending -> spending.attempt.fence);

  final Attempt attempt;
  private final Charge before;
  private Meter meter;
  private boolean priceKnown;

  /** Database time at which the attempt is to be ended. */
  private long stopAtMillis = Meter.NEVER;

  private Charge spent;

  /**
   * @param priceKnown whether the meter's price is the one that was in force at the lease; else the
   *     next that is seen of the worker counts
   */
  Spending(Attempt attempt, Meter meter, boolean priceKnown) {
    this.attempt = attempt;
    this.meter = meter;
    this.priceKnown = priceKnown;
    this.before = meter.before();
    this.spent = before;
  }

  Budget budget() {
    return meter.budget();
  }

  long stopAtMillis() {
    return stopAtMillis;
  }

  /** What the task has cost, once this attempt is over; before, what those before it did. */
  Charge spent() {
    return spent;
  }

  /** The lease is stored, so its time counts from here. */
  void begin(Instant start) {
    long stop = meter.stopMillis();
    stopAtMillis = stop == Meter.NEVER ? Meter.NEVER : start.toEpochMilli() + stop;
  }

  /** Whether this price of the worker is, or may be, the one in force at the lease. */
  boolean takes(Site site, long nowMillis) {
    Instant start = attempt.start;
    boolean justLeased = start == null || nowMillis - start.toEpochMilli() <= Meter.LEAD.toMillis();
    return site.currency().equals(budget().currency())
        && (!priceKnown || (justLeased && site.microsPerHour() > meter.microsPerHour()));
  }

  /** What it has used of models so far costs so much. */
  void models(Charge charge) {
    meter = new Meter(meter.budget(), before.plus(charge), meter.microsPerHour());
    if (attempt.start != null) {
      begin(attempt.start);
    }
  }

  void reprice(long microsPerHour) {
    meter = new Meter(meter.budget(), meter.before(), microsPerHour);
    priceKnown = true;
    if (attempt.start != null) {
      begin(attempt.start);
    }
  }

  /** The attempt is over; its end counts as stored a little later, as it will be. */
  void end(long nowMillis) {
    spent = meter.after(leased(nowMillis).plus(Meter.LEAD));
  }

  /** What the task has cost by now. */
  Charge spentAt(long nowMillis) {
    return meter.after(leased(nowMillis));
  }

  private Duration leased(long nowMillis) {
    Instant start = attempt.start;
    return start == null
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(0, nowMillis - start.toEpochMilli()));
  }
}
