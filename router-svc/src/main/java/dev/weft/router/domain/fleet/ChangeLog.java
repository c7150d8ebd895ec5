package dev.weft.router.domain.fleet;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which workers' room or load changed, in order, so that whoever keeps them sorted looks only at
 * those. It is bounded: a reader that is too far behind looks at all. Not thread-safe.
 */
public final class ChangeLog {

  private static final int KEPT = 8_192;

  private final @Nullable WorkerSlot[] ring = new WorkerSlot[KEPT];
  private long end;
  private long furthestRead;

  /**
   * Notes a change; one that no reader has come to yet stands for later ones too.
   *
   * @param noted where the worker's last one stands; -1 for none
   * @return where this one does
   */
  long add(WorkerSlot slot, long noted) {
    if (noted >= furthestRead) {
      return noted;
    }
    ring[(int) (end & (KEPT - 1))] = slot;
    return end++;
  }

  /** How many changes there are since a reader's place. */
  public long since(long place) {
    return end - place;
  }

  /** Whether all changes since that place are still known. */
  public boolean reaches(long place) {
    return since(place) <= KEPT;
  }

  public WorkerSlot at(long place) {
    return Objects.requireNonNull(ring[(int) (place & (KEPT - 1))], "a place before the end");
  }

  /** The reader's next place: it has seen all until now. */
  public long read() {
    furthestRead = end;
    return end;
  }
}
