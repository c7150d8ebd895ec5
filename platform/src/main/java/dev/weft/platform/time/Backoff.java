package dev.weft.platform.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between tries. Jitter only adds, so that a pause is never shorter than promised.
 *
 * @param first the pause after the first failure
 * @param factor what each further pause is multiplied by, at least 1
 * @param max the cap, before jitter
 * @param jitter the largest part of the pause that is added at random, 0…1
 */
public record Backoff(Duration first, double factor, Duration max, double jitter) {

  public Backoff {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first: " + first + " (expected: > PT0S)");
    }
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor: " + factor + " (expected: >= 1)");
    }
    if (max.compareTo(first) < 0) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= first, " + first + ")");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0…1)");
    }
  }

  /** Doubles from the first pause up to the cap, with up to a fifth of jitter. */
  public static Backoff doubling(Duration first, Duration max) {
    return new Backoff(first, 2, max, 0.2);
  }

  /**
   * The pause after a failed try.
   *
   * @param attempt how many tries have failed so far, from 1
   */
  public Duration delay(int attempt, RandomGenerator random) {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    }
    double base =
        Math.min(first.toNanos() * Math.pow(factor, attempt - 1.0), (double) max.toNanos());
    return Duration.ofNanos((long) (base + base * jitter * random.nextDouble()));
  }
}
