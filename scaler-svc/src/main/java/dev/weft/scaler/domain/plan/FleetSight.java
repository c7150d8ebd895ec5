package dev.weft.scaler.domain.plan;

import java.util.Map;
import java.util.Optional;

/**
 * The workers that the registry shows.
 *
 * @param current whether the registry is heard now; if not, absence means nothing
 * @param byName only the newest of a name
 */
public record FleetSight(boolean current, Map<String, WorkerSeen> byName) {

  public FleetSight {
    byName = Map.copyOf(byName);
  }

  public Optional<WorkerSeen> find(String worker) {
    return Optional.ofNullable(byName.get(worker));
  }
}
