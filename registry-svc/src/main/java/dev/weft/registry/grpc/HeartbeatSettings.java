package dev.weft.registry.grpc;

import java.time.Duration;

/**
 * How heartbeat streams are run.
 *
 * @param beatInterval told to every worker
 * @param helloWithin how long a stream may be open without a hello and its profile
 */
public record HeartbeatSettings(Duration beatInterval, Duration helloWithin) {

  /** Beats that come faster than this part of the interval are not taken. */
  private static final int FASTEST = 10;

  long leastGapNanos() {
    return beatInterval.toNanos() / FASTEST;
  }
}
