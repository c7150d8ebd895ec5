package dev.weft.router.domain.limit;

import dev.weft.router.domain.fleet.Resources;

/**
 * Amounts that are held at once.
 *
 * @param slots how many attempts
 */
public record Level(long cpuMilli, long memoryBytes, long diskBytes, long slots) {

  public static final Level NONE = new Level(0, 0, 0, 0);

  /** What one attempt of such work holds. */
  public static Level of(Resources need) {
    return new Level(need.cpuMilli(), need.memoryBytes(), need.diskBytes(), 1);
  }

  public Level plus(Level other) {
    return new Level(
        cpuMilli + other.cpuMilli,
        memoryBytes + other.memoryBytes,
        diskBytes + other.diskBytes,
        slots + other.slots);
  }

  /** May be below zero, where more is held than a limit that was lowered allows. */
  public Level minus(Level other) {
    return new Level(
        cpuMilli - other.cpuMilli,
        memoryBytes - other.memoryBytes,
        diskBytes - other.diskBytes,
        slots - other.slots);
  }

  /** So many of them. */
  public Level times(long factor) {
    return times(factor, 1);
  }

  /** So many times that, divided; rounded down. */
  Level times(long factor, long divisor) {
    return new Level(
        cpuMilli * factor / divisor,
        memoryBytes * factor / divisor,
        diskBytes * factor / divisor,
        slots * factor / divisor);
  }
}
