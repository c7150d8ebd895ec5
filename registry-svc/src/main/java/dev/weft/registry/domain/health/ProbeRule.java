package dev.weft.registry.domain.health;

import java.time.Duration;

/**
 * How a layer is asked by the worker and judged here.
 *
 * @param interval from the begin of a probe to that of the next
 * @param timeout what is not over by then has failed
 */
public record ProbeRule(Duration interval, Duration timeout, HealthLayer layer) {

  public ProbeRule {
    if (!timeout.isPositive() || timeout.compareTo(interval) > 0) {
      throw new IllegalArgumentException(
          "timeout: "
              + timeout
              + " (expected: more than PT0S, at most the interval "
              + interval
              + ")");
    }
  }
}
