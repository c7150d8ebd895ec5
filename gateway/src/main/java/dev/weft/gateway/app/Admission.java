package dev.weft.gateway.app;

import dev.weft.gateway.domain.Shortage;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.Optional;

/**
 * How many of a request's tasks may be submitted, the first ones.
 *
 * @param shortage why not all of them
 */
public record Admission(int granted, Optional<Shortage> shortage) {

  static Admission all(int wanted) {
    return new Admission(wanted, Optional.empty());
  }

  /**
   * What a task is told that may not be submitted.
   *
   * @param index of the task in its request
   */
  public MeshException refusal(int index) {
    Shortage why = shortage.orElseThrow();
    Duration wait = why.delay(index - granted);
    long seconds = Math.ceilDiv(wait.toMillis(), 1000L);
    return new MeshException(
            GatewayReason.SUBMIT_RATE,
            "submissions of this tenant: "
                + why.rate().perSecond()
                + " per second and bursts of "
                + why.rate().burst()
                + " are used up (expected: a pause of "
                + wait.toMillis()
                + " ms)")
        .with("allowed", false)
        .with("throttle_delay_ms", wait.toMillis())
        .with("current_usage", why.usage())
        .with("limit", why.rate().burst())
        .with("rate_per_second", why.rate().perSecond())
        .with("retry_after", seconds)
        .retryAfter(wait);
  }
}
