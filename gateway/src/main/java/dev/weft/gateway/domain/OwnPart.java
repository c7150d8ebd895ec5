package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * What a gateway's own part of the rate has counted since the shared bucket last gave it something.
 *
 * @param counted for how long it refilled; zero if it did not
 * @param ended how long ago that was over; zero as long as it counts
 */
public record OwnPart(Duration counted, Duration ended) {

  public static final OwnPart NONE = new OwnPart(Duration.ZERO, Duration.ZERO);

  /** Whether it counts now. */
  public boolean lasts() {
    return ended.isZero();
  }
}
