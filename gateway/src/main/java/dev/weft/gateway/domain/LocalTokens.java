package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * One gateway's own part of a rate, while the shared bucket can't be asked. Starts empty, refills
 * only while it is allowed to, and is void when that ends: what was not spent then is nobody's.
 * Times are of one monotonic clock.
 */
final class LocalTokens {

  /** Who waits for tokens is let through by a timer of whole milliseconds. */
  private static final long ROUNDING_NANOS = 1_000_000;

  private final double perNano;
  private final double most;
  private boolean begun;
  private double level;
  private long at;
  private long until;

  /** Nanoseconds that have counted before this time. */
  private long counted;

  private long countsFrom;

  LocalTokens(double perNano, double most) {
    this.perNano = perNano;
    this.most = most - ROUNDING_NANOS * perNano;
  }

  /**
   * Lets it refill until then; anew, if it was not allowed to until now.
   *
   * @param since when who is to allow it began to; if it was allowed to then, it has been until now
   */
  void allow(long now, long since, long end) {
    if (!begun || (!allowed(now) && until - since < 0)) {
      counted = countedNanos(now);
      countsFrom = Math.max(countsFrom - now, 0) + now;
      begun = true;
      level = 0;
      at = now;
      until = end;
    } else if (end - until > 0) {
      until = end;
    }
  }

  boolean allowed(long now) {
    return begun && until - now > 0;
  }

  void end() {
    begun = false;
  }

  /** Forgets what has counted; what is let through before that time does not. */
  void countFrom(long start) {
    counted = 0;
    countsFrom = start;
  }

  /** What has counted. */
  OwnPart ownPart(long now) {
    long ended = allowed(now) ? 0 : now - until;
    return new OwnPart(Duration.ofNanos(countedNanos(now)), Duration.ofNanos(ended));
  }

  private long countedNanos(long now) {
    if (!begun) {
      return counted;
    }
    long end = allowed(now) ? now : until;
    return counted + Math.max(0, end - countsFrom);
  }

  /** Takes as many of the wanted ones as there are, or will be soon. */
  long take(long now, long wanted) {
    if (!allowed(now)) {
      return 0;
    }
    refill(now);
    double ahead = Math.min(SubmitRate.HOLD_NANOS, until - now) * perNano;
    // What is let through at one moment is never more than it can hold.
    double there = Math.min(most, level + ahead);
    long taken = Math.clamp((long) Math.floor(there), 0, wanted);
    level -= taken;
    return taken;
  }

  private void refill(long now) {
    if (now - at > 0) {
      level = Math.min(most, level + (now - at) * perNano);
      at = now;
    }
  }

  /** How many there are, without what will be soon. */
  double level(long now) {
    if (!allowed(now)) {
      return 0;
    }
    refill(now);
    return level;
  }

  /** Takes what {@link #level} has said to be there. */
  void spend(long tokens) {
    level -= tokens;
  }

  /** Whether so many can ever be there. */
  boolean mayHold(long tokens) {
    return tokens <= most;
  }

  /** How long until so many are there. */
  long refillNanos(long tokens) {
    return Math.max(0, (long) Math.ceil((tokens - level) / perNano));
  }

  /** How long until all that was taken has refilled; zero if it has. */
  long debtNanos() {
    return level >= 0 ? 0 : Math.round(-level / perNano);
  }

  /** How long until so many more can be taken. */
  long waitNanos(long tokens) {
    return Math.max(0, refillNanos(tokens) - SubmitRate.HOLD_NANOS);
  }
}
