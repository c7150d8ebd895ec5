package dev.weft.router.domain.shard;

import java.time.Instant;

/**
 * A group of users whose work prefers one group of workers.
 *
 * @param number from 1 in the order of their births, without gaps
 * @param parent from whose users it was split off
 * @param created the database's time
 */
public record Shard(int number, int parent, Reason reason, Instant created) {

  /** In which everybody begins; it is not stored. */
  public static final Shard FIRST = new Shard(1, 0, Reason.FIRST, Instant.EPOCH);

  public Shard {
    if (number < 1 || parent < 0 || parent >= number || (parent == 0 && number != 1)) {
      throw new IllegalArgumentException(
          "shard %d of parent %d (expected: 1 of 0, else a parent of 1..%d)"
              .formatted(number, parent, number - 1));
    }
  }

  /** Why it came to be. The codes are stored: never change one. */
  public enum Reason {
    FIRST(0),
    USERS(1),
    MEMORY(2);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static Reason of(int code) {
      if (code < 0 || code > MEMORY.code) {
        throw new IllegalArgumentException("shard reason: " + code + " (expected: 0..2)");
      }
      return values()[code];
    }
  }
}
