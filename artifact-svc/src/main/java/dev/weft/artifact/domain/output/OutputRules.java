package dev.weft.artifact.domain.output;

import java.time.Duration;

/**
 * The bounds of one log.
 *
 * @param ringBytes kept of what is sealed, for live readers
 * @param unsealedBytes most that is held before it is sealed
 * @param segmentBytes at which a segment is due
 * @param silence after which what there is becomes a segment
 * @param mostBytes of the whole log
 */
public record OutputRules(
    int ringBytes, int unsealedBytes, int segmentBytes, Duration silence, long mostBytes) {

  /** A trickle that is never silent is sealed after so many silences. */
  static final int OLDEST = 10;

  public OutputRules {
    require("segment bytes", segmentBytes, 1, unsealedBytes);
    require("unsealed bytes", unsealedBytes, Chunk.MOST_BYTES, Integer.MAX_VALUE / 2);
    require("ring bytes", ringBytes, 0, Integer.MAX_VALUE / 2);
    if (silence.isNegative() || silence.isZero()) {
      throw new IllegalArgumentException("silence: " + silence + " (expected: > PT0S)");
    }
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + "…" + most + ")");
    }
  }

  /** 1 MiB, 4 MiB, 256 KiB, 30 s, 11 GiB. */
  public static OutputRules defaults() {
    return new OutputRules(1 << 20, 4 << 20, 256 << 10, Duration.ofSeconds(30), 11L << 30);
  }

  /** What a reader elsewhere asks for at once. */
  public int pageBytes() {
    return Math.max(segmentBytes / 4, 1);
  }

  /** Most bytes that a worker may have under way. */
  public int windowBytes() {
    return unsealedBytes / 4;
  }
}
