package dev.weft.artifact.app.output;

import java.time.Duration;

/** When something that failed is tried again: soon, then less often. */
final class Retry {

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final int DOUBLINGS = 10;

  private long at;
  private int failures;

  Retry(long now) {
    this.at = now;
  }

  boolean isDue(long now) {
    return now - at >= 0;
  }

  void succeeded() {
    failures = 0;
  }

  /** Returns whether it is the first failure in a row. */
  boolean failed(long now) {
    at = now + Math.min(FIRST.toNanos() << Math.min(failures, DOUBLINGS), LAST.toNanos());
    failures++;
    return failures == 1;
  }
}
