package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/** What an open attempt holds of its tenant's budget, and how long that lasts. */
final class Grant {

  static final Comparator<Grant> EARLIEST =
      Comparator.comparingLong((Grant grant) -> grant.untilMillis)
          .thenComparingLong(grant -> grant.attempt.fence);

  /** The price is not known yet. */
  static final long UNKNOWN = -1;

  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  final Attempt attempt;
  final TenantAccount account;
  private long microsPerHour;

  /** Of today, rounded up to micros. */
  private long reserved;

  /** What its tokens of today cost, in the account's currency. */
  private Charge models = Charge.NONE;

  /** That it has told of today. */
  private long tokens;

  /** Of the budget in tokens. */
  private long tokensHeld;

  /** Database time at which what is reserved is spent; never before its lease is stored. */
  private long untilMillis = Meter.NEVER;

  /**
   * @param microsPerHour of its worker, in the account's currency; or {@link #UNKNOWN}
   */
  Grant(Attempt attempt, TenantAccount account, long microsPerHour) {
    this.attempt = attempt;
    this.account = account;
    this.microsPerHour = microsPerHour;
  }

  long microsPerHour() {
    return microsPerHour;
  }

  void price(long perHour) {
    microsPerHour = perHour;
  }

  boolean priced() {
    return microsPerHour != UNKNOWN;
  }

  /** Whether it holds nothing, though it costs something, or may. */
  boolean bare() {
    return reserved == 0 && microsPerHour != 0;
  }

  long reserved() {
    return reserved;
  }

  long untilMillis() {
    return untilMillis;
  }

  /** Not while it stands in a set that is sorted by its end. */
  void holds(long micros, long dayBeginMillis) {
    reserved = micros;
    untilMillis = lasts(dayBeginMillis);
  }

  /** Not while it stands in a set that is sorted by its end. */
  void models(Charge charge) {
    models = charge;
  }

  Charge models() {
    return models;
  }

  long tokens() {
    return tokens;
  }

  void tokens(long told) {
    tokens = told;
  }

  long tokensHeld() {
    return tokensHeld;
  }

  void holdTokens(long held) {
    tokensHeld = held;
  }

  /** It holds nothing of the new day, and has used nothing of it. */
  void newDay(long dayBeginMillis) {
    models = Charge.NONE;
    tokens = 0;
    tokensHeld = 0;
    holds(0, dayBeginMillis);
  }

  private long lasts(long dayBeginMillis) {
    Instant start = attempt.start;
    if (start == null || !priced()) {
      return Meter.NEVER;
    }
    long begin = Math.max(start.toEpochMilli(), dayBeginMillis);
    long left = reserved - models.microsCeiling();
    if (left < 0) {
      return begin;
    }
    long millis = millis(left, microsPerHour);
    return millis == Meter.NEVER ? Meter.NEVER : begin + millis;
  }

  /** What it costs of the day up to then; nothing before its lease is stored. */
  Charge cost(Instant dayBegin, Instant end) {
    Instant start = attempt.start;
    if (start == null || microsPerHour <= 0) {
      return models;
    }
    Instant from = start.isAfter(dayBegin) ? start : dayBegin;
    return end.isAfter(from)
        ? models.plus(Charge.of(microsPerHour, Duration.between(from, end)))
        : models;
  }

  /** Rounded up, at most the highest number. */
  static long micros(long perHour, long millis) {
    long most = millis == 0 ? Long.MAX_VALUE : Long.MAX_VALUE / millis;
    return perHour <= most
        ? Math.ceilDiv(perHour * millis, HOUR_MILLIS)
        : Charge.of(perHour, Duration.ofMillis(millis)).microsCeiling();
  }

  /** How long so much lasts, rounded down. */
  static long millis(long micros, long perHour) {
    if (perHour == 0 || micros > Long.MAX_VALUE / HOUR_MILLIS) {
      return Meter.NEVER;
    }
    return Math.max(0, micros) * HOUR_MILLIS / perHour;
  }
}
