package dev.weft.platform.lease;

import dev.weft.platform.time.Ticker;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A lease as those see it who answer callers: until it is contended for, nobody is known to hold
 * it. A service extends it to make it its own port.
 */
public class LeaseHolding implements AutoCloseable {

  private volatile @Nullable CellLease lease;
  private volatile String node = "";

  /** Begins to contend. */
  public final void contend(
      LeaseSettings settings, LeaseDatabase database, LeaseListener listener) {
    node = settings.node();
    CellLease contending = new CellLease(settings, database, listener, Ticker.system());
    lease = contending;
    contending.start();
  }

  /** Whether this replica holds the lease, though it may still be loading. */
  public final boolean mine() {
    return epoch().isPresent();
  }

  /** The epoch, if this replica holds the lease. */
  public final OptionalLong epoch() {
    CellLease current = lease;
    return current == null
        ? OptionalLong.empty()
        : current.held().map(held -> OptionalLong.of(held.epoch())).orElse(OptionalLong.empty());
  }

  /** Where the holder is dialled; empty if nobody is known to hold. */
  public final String address() {
    CellLease current = lease;
    if (current == null) {
      return "";
    }
    HolderHint hint = current.current();
    // A hint at oneself is what is left of a lease that was lost: it would send callers in a
    // circle.
    return hint.holder().equals(node) ? "" : hint.address();
  }

  /** A write was refused: this epoch is over. */
  public final void over(long epoch) {
    CellLease current = lease;
    if (current != null) {
      current.refused(epoch);
    }
  }

  /** Gives the lease back, so that a standby takes over at once. */
  @Override
  public final void close() {
    CellLease current = lease;
    if (current != null) {
      current.close();
    }
  }
}
