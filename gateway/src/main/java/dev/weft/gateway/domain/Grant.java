package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * The shared bucket's answer.
 *
 * @param granted tokens, which are the gateway's for a lease
 * @param left what the bucket still has
 * @param opensIn how long it gives nothing yet, since its state was lost or may be too high: until
 *     then each gateway refills its part
 */
public record Grant(long granted, long left, Duration opensIn) {

  /** For how long a gateway goes by its own part after it got no answer. */
  public static final Duration ALONE = Duration.ofMillis(250);

  /**
   * How long a bucket stays closed that has lost its state: until no gateway goes by its own part
   * any more because of an answer that it waited for when the bucket came back.
   */
  public static final Duration CLOSED = ALONE.plusMillis(50);

  public boolean open() {
    return opensIn.isZero();
  }
}
