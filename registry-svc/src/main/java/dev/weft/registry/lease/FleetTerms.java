package dev.weft.registry.lease;

import dev.weft.platform.lease.LeaseListener;
import dev.weft.platform.telemetry.LogKeys;
import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.WorkerStore;
import dev.weft.registry.domain.fleet.WorkerRecord;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A term of this replica as the active registry: loads what storage knows, then lets workers in.
 */
public final class FleetTerms implements LeaseListener {

  private static final Logger LOG = Logger.getLogger(FleetTerms.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FleetKeeper keeper;
  private final WorkerStore store;

  public FleetTerms(FleetKeeper keeper, WorkerStore store) {
    this.keeper = keeper;
    this.store = store;
  }

  /** If loading fails, so does this, and the lease is given back. */
  @Override
  public void acquired(long epoch) {
    List<WorkerRecord> known = store.loadAll().await().atMost(PATIENCE);
    keeper.begin(epoch, known);
    LOG.infof("active registry: %s=%d %s=%d", LogKeys.EPOCH, epoch, LogKeys.COUNT, known.size());
  }

  @Override
  public void lost() {
    keeper.end();
    LOG.info("standby registry");
  }
}
