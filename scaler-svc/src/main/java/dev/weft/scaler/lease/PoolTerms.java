package dev.weft.scaler.lease;

import dev.weft.platform.lease.LeaseListener;
import dev.weft.platform.telemetry.LogKeys;
import dev.weft.scaler.app.PoolKeeper;
import org.jboss.logging.Logger;

/** A term of this replica as the active scaler. */
public final class PoolTerms implements LeaseListener {

  private static final Logger LOG = Logger.getLogger(PoolTerms.class);

  private final PoolKeeper keeper;

  public PoolTerms(PoolKeeper keeper) {
    this.keeper = keeper;
  }

  /** If loading fails, so does this, and the lease is given back. */
  @Override
  public void acquired(long epoch) {
    int pools = keeper.begin(epoch);
    LOG.infof("active scaler: %s=%d %s=%d", LogKeys.EPOCH, epoch, LogKeys.COUNT, pools);
  }

  @Override
  public void lost() {
    keeper.end();
    LOG.info("standby scaler; machines go on");
  }
}
