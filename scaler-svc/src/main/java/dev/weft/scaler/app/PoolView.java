package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.PoolSpec;
import java.util.List;
import java.util.Optional;

/**
 * A pool as it is shown.
 *
 * @param instances live ones and the last that have ended
 */
public record PoolView(
    PoolSpec spec, List<Instance> instances, long revision, Optional<ScalingAction> lastAction) {

  public PoolView {
    instances = List.copyOf(instances);
  }
}
