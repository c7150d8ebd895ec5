package dev.weft.worker.domain;

/**
 * Remembers the highest epoch seen, so that a placer which was paused and wakes up is not obeyed.
 */
public final class EpochGuard {

  private long highest;

  /** Whether a placer of this epoch may be obeyed; from then on no lower one is. */
  public boolean admit(long epoch) {
    if (epoch < highest) {
      return false;
    }
    highest = epoch;
    return true;
  }

  public long highest() {
    return highest;
  }
}
