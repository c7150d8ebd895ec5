package dev.weft.e2e.chaos;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How late bytes arrive, each way. Can be changed at any time, for what comes from then on. */
final class Lag {

  private volatile long meanNanos;
  private volatile long jitterNanos;

  /** By {@code mean}, give or take {@code jitter}. */
  void set(Duration mean, Duration jitter) {
    meanNanos = mean.toNanos();
    jitterNanos = jitter.toNanos();
  }

  void none() {
    set(Duration.ZERO, Duration.ZERO);
  }

  /** When that arrives which comes now, by {@link System#nanoTime}. */
  long due() {
    long jitter = jitterNanos;
    long off = jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(-jitter, jitter + 1);
    return System.nanoTime() + meanNanos + off;
  }
}
