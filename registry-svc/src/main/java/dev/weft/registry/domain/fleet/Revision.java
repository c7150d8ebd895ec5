package dev.weft.registry.domain.fleet;

/**
 * How revisions are numbered: the epoch in the upper bits, a counter in the lower ones, so that
 * they also grow from one registry to the next. 33 million epochs, and at a thousand changes a
 * second eight years in each.
 */
public final class Revision {

  private static final int COUNTER_BITS = 38;
  private static final long MOST_EPOCHS = 1L << (63 - COUNTER_BITS);

  private Revision() {}

  /** The revision of an empty fleet under this epoch. */
  public static long first(long epoch) {
    if (epoch < 1 || epoch >= MOST_EPOCHS) {
      throw new IllegalArgumentException(
          "epoch: " + epoch + " (expected: 1 to " + (MOST_EPOCHS - 1) + ")");
    }
    return epoch << COUNTER_BITS;
  }

  public static long epochOf(long revision) {
    return revision >>> COUNTER_BITS;
  }
}
