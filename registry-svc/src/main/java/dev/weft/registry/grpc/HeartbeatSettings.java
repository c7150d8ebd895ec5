package dev.weft.registry.grpc;

import dev.weft.registry.domain.health.HealthPolicy;
import java.time.Duration;

/**
 * How heartbeat streams are run.
 *
 * @param health how often a worker is to beat and to ask itself
 * @param helloWithin how long a stream may be open without a hello and its profile
 */
public record HeartbeatSettings(HealthPolicy health, Duration helloWithin) {

  /** Messages of one worker are taken no faster than this part of the interval apart. */
  private static final int FASTEST = 10;

  Duration beatInterval() {
    return health.beatInterval();
  }

  Duration leastGap() {
    return beatInterval().dividedBy(FASTEST);
  }
}
