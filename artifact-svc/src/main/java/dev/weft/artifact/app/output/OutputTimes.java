package dev.weft.artifact.app.output;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param heartbeat a reader hears at least so often
 * @param silentOwner after which a relay gives up
 * @param writerGone after which a log without a stream is asked about
 * @param sign an owner signs its logs so often
 * @param abandoned after which a log without a sign is taken over
 */
public record OutputTimes(
    Duration heartbeat,
    Duration silentOwner,
    Duration writerGone,
    Duration sign,
    Duration abandoned) {

  /** 15 s, 1 s, 60 s, 20 s, 60 s. */
  public static OutputTimes defaults() {
    return new OutputTimes(
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60));
  }

  /** What a replica that relays hears from the owner. */
  Duration relayedHeartbeat() {
    return silentOwner.dividedBy(4);
  }
}
