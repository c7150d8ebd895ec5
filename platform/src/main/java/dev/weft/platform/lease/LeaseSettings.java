package dev.weft.platform.lease;

import java.time.Duration;

/**
 * What a contender for a cell is and how it keeps time.
 *
 * @param node this process's node id; it may take a lease that stands under its own name at its
 *     start, since that was its previous life
 * @param address where others dial this process
 * @param beat how often the holder shows that it lives
 * @param poll how often a standby looks
 * @param silence after how long without a beat a standby takes over
 */
public record LeaseSettings(
    int cell,
    String role,
    String node,
    String address,
    Duration beat,
    Duration poll,
    Duration silence) {

  public LeaseSettings {
    if (node.isEmpty()) {
      throw new IllegalArgumentException("lease node: empty (expected: a node id)");
    }
    if (silence.compareTo(beat.plus(poll)) <= 0) {
      throw new IllegalArgumentException(
          "lease silence: " + silence + " (expected: > beat " + beat + " + poll " + poll + ")");
    }
  }

  /** The mesh's own timing: beat 1 s, look every 250 ms, take over after 2.5 s of silence. */
  public static LeaseSettings of(int cell, String role, String node, String address) {
    return new LeaseSettings(
        cell,
        role,
        node,
        address,
        Duration.ofSeconds(1),
        Duration.ofMillis(250),
        Duration.ofMillis(2500));
  }
}
