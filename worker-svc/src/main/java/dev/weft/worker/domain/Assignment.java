package dev.weft.worker.domain;

import java.time.Duration;

/**
 * Work to run now, under a lease that has been committed.
 *
 * @param reserved what it takes from the capacity
 * @param timeout the longest run
 * @param traceparent W3C trace context of the submitter; empty when there is none
 */
public record Assignment(
    AttemptKey key,
    String tenant,
    Work work,
    Resources reserved,
    Duration timeout,
    String traceparent) {

  /** The same, seen as part of another span. */
  public Assignment withTraceparent(String value) {
    return new Assignment(key, tenant, work, reserved, timeout, value);
  }
}
