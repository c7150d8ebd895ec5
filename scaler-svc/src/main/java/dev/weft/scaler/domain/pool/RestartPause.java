package dev.weft.scaler.domain.pool;

import java.time.Duration;

/**
 * The pause before the next start when workers die soon after they were started.
 *
 * @param fastDeath a worker that lived shorter died fast
 * @param first the pause after the second fast death in a row; the first one costs none, each
 *     further one doubles it
 * @param most the longest pause
 * @param forget after how long without a fast death the count begins anew; longer than {@code most}
 */
public record RestartPause(Duration fastDeath, Duration first, Duration most, Duration forget) {

  private static final int MOST_DOUBLINGS = 30;

  public RestartPause {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first pause: " + first + " (expected: > PT0S)");
    }
    if (most.compareTo(first) < 0 || forget.compareTo(most) <= 0) {
      throw new IllegalArgumentException(
          "pauses: %s to %s, forgotten after %s (expected: growing)"
              .formatted(first, most, forget));
    }
  }

  Duration after(int fastDeaths) {
    if (fastDeaths < 2) {
      return Duration.ZERO;
    }
    Duration pause = first.multipliedBy(1L << Math.min(fastDeaths - 2, MOST_DOUBLINGS));
    return pause.compareTo(most) > 0 ? most : pause;
  }
}
