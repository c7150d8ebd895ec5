package dev.weft.router.domain.outlier;

import java.time.Duration;

/**
 * A worker is out of a scope for a while.
 *
 * @param times how often in a row, with this one
 */
public record Ejection(Suspicion suspicion, int times, long sinceNanos, Duration length) {

  boolean over(long now) {
    return now - sinceNanos >= length.toNanos();
  }

  /** For people: the same from its start to its end. */
  public String text() {
    return "out of %s for %d s: %s"
        .formatted(suspicion.scope(), length.toSeconds(), suspicion.why());
  }

  String probationText() {
    return "on probation with %s, one attempt at a time: %s"
        .formatted(suspicion.scope(), suspicion.why());
  }
}
