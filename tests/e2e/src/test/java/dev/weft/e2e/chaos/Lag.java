package dev.weft.e2e.chaos;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How late bytes arrive, each way. Can be changed at any time, for what comes from then on. */
final class Lag {

  private volatile long meanNanos;
  private volatile long jitterNanos;
  private volatile long stalledUntil = System.nanoTime();

  /** By {@code mean}, give or take {@code jitter}. */
  void set(Duration mean, Duration jitter) {
    meanNanos = mean.toNanos();
    jitterNanos = jitter.toNanos();
  }

  /** Nothing arrives for so long; then all of it does. */
  void stall(Duration time) {
    stalledUntil = System.nanoTime() + time.toNanos();
  }

  void none() {
    set(Duration.ZERO, Duration.ZERO);
  }

  /** When that arrives which comes now, by {@link System#nanoTime}. */
  long due() {
    long jitter = jitterNanos;
    long off = jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(-jitter, jitter + 1);
    long due = System.nanoTime() + meanNanos + off;
    long stalled = stalledUntil;
    return due - stalled < 0 ? stalled : due;
  }
}
