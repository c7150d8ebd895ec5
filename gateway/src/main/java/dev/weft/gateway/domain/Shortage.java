package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * Why a tenant's tasks are not taken at the moment.
 *
 * @param usage how much of the burst is in use
 * @param local whether this gateway's own part of the rate is what counts now
 * @param delay until the first task that was refused would be taken
 */
public record Shortage(SubmitRate rate, long usage, boolean local, Duration delay) {

  /** How long the n-th refused task has to wait, from 0 on: never longer than an empty bucket. */
  public Duration delay(int n) {
    Duration each = rate.bucket().refill(local ? (double) n * rate.gateways() : n);
    Duration all = delay.plus(each);
    Duration most = rate.bucket().refill((double) rate.burst());
    Duration bounded = all.compareTo(most) < 0 ? all : most;
    return bounded.toMillis() < 1 ? Duration.ofMillis(1) : bounded;
  }
}
