package dev.weft.router.domain.task;

import java.util.random.RandomGenerator;

/**
 * How a task is repeated, small enough to stand in its hot row as one number.
 *
 * @param maxRetries 3 means 4 attempts
 * @param rerunLost whether a lost worker's task runs again
 * @param preemptible whether it may be ended for a P0 task, and runs again
 */
public record RetryTerms(
    int maxRetries,
    boolean rerunLost,
    boolean preemptible,
    long initialBackoffMillis,
    long maxBackoffMillis) {

  public static final int MOST_RETRIES = 20;
  private static final long RETRIES_MASK = 0x1f;
  private static final long PREEMPTIBLE = 1L << 6;
  private static final long RERUN_LOST = 1L << 7;
  private static final int BACKOFF_BITS = 28;

  /** More would take more bits than a long has. */
  private static final int MOST_DOUBLINGS = 20;

  public static final long MOST_BACKOFF_MILLIS = (1L << BACKOFF_BITS) - 1;

  public static final RetryTerms DEFAULT = new RetryTerms(3, true, 2_000, 300_000);

  public RetryTerms {
    if (maxRetries < 0 || maxRetries > MOST_RETRIES) {
      throw new IllegalArgumentException(
          "max_retries: " + maxRetries + " (expected: 0.." + MOST_RETRIES + ")");
    }
    checkBackoff("initial_backoff", initialBackoffMillis);
    checkBackoff("max_backoff", maxBackoffMillis);
  }

  private static void checkBackoff(String name, long millis) {
    if (millis < 0 || millis > MOST_BACKOFF_MILLIS) {
      throw new IllegalArgumentException(
          name + ": " + millis + " ms (expected: 0.." + MOST_BACKOFF_MILLIS + ")");
    }
  }

  /** Of a task that may not be ended for another. */
  public RetryTerms(
      int maxRetries, boolean rerunLost, long initialBackoffMillis, long maxBackoffMillis) {
    this(maxRetries, rerunLost, false, initialBackoffMillis, maxBackoffMillis);
  }

  /** 2, 4, 8 s… after so many failures; jitter only adds, at most half as much again. */
  public long backoffMillis(int failures, RandomGenerator random) {
    long doubled = initialBackoffMillis << Math.min(failures - 1, MOST_DOUBLINGS);
    long base = Math.min(doubled, Math.max(initialBackoffMillis, maxBackoffMillis));
    return base == 0 ? 0 : base + random.nextLong(base / 2 + 1);
  }

  /** The terms as one number; {@link #unpack} gives them back. */
  public long pack() {
    return maxRetries
        | (preemptible ? PREEMPTIBLE : 0)
        | (rerunLost ? RERUN_LOST : 0)
        | (initialBackoffMillis << 8)
        | (maxBackoffMillis << (8 + BACKOFF_BITS));
  }

  public static RetryTerms unpack(long packed) {
    return new RetryTerms(
        (int) (packed & RETRIES_MASK),
        (packed & RERUN_LOST) != 0,
        (packed & PREEMPTIBLE) != 0,
        (packed >>> 8) & MOST_BACKOFF_MILLIS,
        (packed >>> (8 + BACKOFF_BITS)) & MOST_BACKOFF_MILLIS);
  }
}
