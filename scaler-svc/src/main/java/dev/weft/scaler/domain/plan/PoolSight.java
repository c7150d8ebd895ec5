package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.PoolSpec;
import dev.weft.scaler.domain.pool.Restarts;
import java.util.List;
import java.util.Set;

/**
 * All that a decision about a pool rests on.
 *
 * @param live its instances that have not ended
 * @param drained those of which the placer said that they run nothing and get nothing
 */
public record PoolSight(
    PoolSpec spec,
    List<Instance> live,
    Restarts restarts,
    Machines machines,
    FleetSight fleet,
    Set<InstanceId> drained) {

  public PoolSight {
    live = List.copyOf(live);
    drained = Set.copyOf(drained);
  }
}
