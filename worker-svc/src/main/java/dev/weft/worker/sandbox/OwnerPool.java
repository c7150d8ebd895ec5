package dev.weft.worker.sandbox;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Hands out users to attempts: each running attempt of a worker that is root has one of its own,
 * which owns nothing else on the machine. A worker that is not root has only itself.
 */
final class OwnerPool {

  /** Above all that distributions hand out to people, services and containers. */
  static final int FIRST_UID = 1_900_000_000;

  private final boolean privileged;
  private final BitSet taken = new BitSet();

  OwnerPool(boolean privileged) {
    this.privileged = privileged;
  }

  synchronized OptionalInt take() {
    if (!privileged) {
      return OptionalInt.empty();
    }
    int index = taken.nextClearBit(0);
    taken.set(index);
    return OptionalInt.of(FIRST_UID + index);
  }

  synchronized void giveBack(OptionalInt owner) {
    owner.ifPresent(uid -> taken.clear(uid - FIRST_UID));
  }
}
