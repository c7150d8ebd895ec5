package dev.weft.registry.grpc;

import java.time.Duration;

/**
 * How heartbeat streams are run.
 *
 * @param beatInterval told to every worker
 * @param helloWithin how long a stream may be open without a hello and its profile
 */
public record HeartbeatSettings(Duration beatInterval, Duration helloWithin) {

  /** Messages of one worker are taken no faster than this part of the interval apart. */
  private static final int FASTEST = 10;

  Duration leastGap() {
    return beatInterval.dividedBy(FASTEST);
  }
}
