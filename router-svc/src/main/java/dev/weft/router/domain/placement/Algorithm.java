package dev.weft.router.domain.placement;

import java.util.Arrays;
import java.util.List;

/** By what a choice was made. The codes are stored, in four bits: only append. */
public enum Algorithm {
  /** The weighted sum of fit, load, latency and cost. */
  COMPOSITE(0),
  /** The task's affinity key, by rendezvous hashing. */
  AFFINITY(1),
  /** Fewest open attempts. */
  LEAST_CONNECTIONS(2),
  /** In turns, skipping who is full or ill. */
  ROUND_ROBIN(3),
  /** In turns, as many as each has slots. */
  WEIGHTED_ROUND_ROBIN(4),
  /** Rendezvous hashing of the affinity key; without one, of the tenant. */
  CONSISTENT_HASH(5),
  /** Urgent work to the emptiest, other work to the fullest with room. */
  PRIORITY_QUEUE(6),
  /** Any; a retry elsewhere. */
  RANDOM_WITH_RETRY(7),
  /** Whose answer is expected first. */
  LEAST_RESPONSE_TIME(8),
  /** Largest free share of CPU and memory. */
  RESOURCE_BASED(9),
  /** A lot, weighted by capacity, free resources, response and open attempts. */
  DYNAMIC_WEIGHTED(10);

  /** What a kind of task may be given; its key chooses by itself. */
  static final List<Algorithm> SELECTABLE =
      Arrays.stream(values()).filter(one -> one != AFFINITY).toList();

  private static final Algorithm[] ALL = values();

  private final int code;

  Algorithm(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Algorithm of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException(
          "algorithm: " + code + " (expected: 0.." + (ALL.length - 1) + ")");
    }
    return ALL[code];
  }
}
