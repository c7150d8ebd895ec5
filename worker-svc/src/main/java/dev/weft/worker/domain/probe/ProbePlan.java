package dev.weft.worker.domain.probe;

import java.time.Duration;

/**
 * How the registry wants one layer asked.
 *
 * @param interval from the begin of a probe to that of the next
 * @param timeout what is not over by then has failed
 */
public record ProbePlan(Duration interval, Duration timeout) {

  public ProbePlan {
    if (!timeout.isPositive() || timeout.compareTo(interval) > 0) {
      throw new IllegalArgumentException(
          "probe timeout: " + timeout + " (expected: more than PT0S, at most " + interval + ")");
    }
  }
}
