package dev.weft.registry.lease;

import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lease.HolderHint;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.lease.LeaseListener;
import dev.weft.platform.lease.LeaseSettings;
import dev.weft.platform.time.Ticker;
import dev.weft.registry.app.Holding;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The lease of role registry; until it is contended for, nobody is known to hold it. */
public final class CellHolding implements Holding, AutoCloseable {

  /** The role in the lease's row. */
  public static final String ROLE = "registry";

  private volatile @Nullable CellLease lease;
  private volatile String node = "";

  /** Begins to contend. */
  public void contend(LeaseSettings settings, LeaseDatabase database, LeaseListener listener) {
    node = settings.node();
    CellLease contending = new CellLease(settings, database, listener, Ticker.system());
    lease = contending;
    contending.start();
  }

  @Override
  public boolean mine() {
    CellLease current = lease;
    return current != null && current.held().isPresent();
  }

  /** The epoch, if this replica holds the lease. */
  public OptionalLong epoch() {
    CellLease current = lease;
    return current == null
        ? OptionalLong.empty()
        : current.held().map(held -> OptionalLong.of(held.epoch())).orElse(OptionalLong.empty());
  }

  @Override
  public String address() {
    CellLease current = lease;
    if (current == null) {
      return "";
    }
    HolderHint hint = current.current();
    // A hint at oneself is what is left of a lease that was lost: it would send callers in a
    // circle.
    return hint.holder().equals(node) ? "" : hint.address();
  }

  @Override
  public void over(long epoch) {
    CellLease current = lease;
    if (current != null) {
      current.refused(epoch);
    }
  }

  /** Gives the lease back, so that a standby takes over at once. */
  @Override
  public void close() {
    CellLease current = lease;
    if (current != null) {
      current.close();
    }
  }
}
