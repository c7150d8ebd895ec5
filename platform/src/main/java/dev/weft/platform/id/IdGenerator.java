package dev.weft.platform.id;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Mints UUIDv7 whose twelve bits after the version hold the cell. Ids of one millisecond are not
 * ordered among themselves: order is the placer's sequence, never the id. As safe for threads as
 * the random generator given.
 */
public final class IdGenerator {

  public static final int MAX_CELL = 0xFFF;

  private static final long MAX_MILLIS = 0xFFFF_FFFF_FFFFL;
  private static final long RANDOM_BITS = 0x3FFF_FFFF_FFFF_FFFFL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final int cell;
  private final InstantSource clock;
  private final RandomGenerator random;

  public IdGenerator(int cell, InstantSource clock, RandomGenerator random) {
    if (cell < 0 || cell > MAX_CELL) {
      throw new IllegalArgumentException("cell: " + cell + " (expected: 0…" + MAX_CELL + ")");
    }
    this.cell = cell;
    this.clock = clock;
    this.random = random;
  }

  public UUID next() {
    long millis = clock.millis();
    if (millis < 0 || millis > MAX_MILLIS) {
      throw new IllegalStateException("clock: " + millis + " ms (expected: 48 bits)");
    }
    return new UUID((millis << 16) | 0x7000L | cell, VARIANT | (random.nextLong() & RANDOM_BITS));
  }

  /** The millisecond in which the id was minted, by the clock of whoever minted it. */
  public static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
