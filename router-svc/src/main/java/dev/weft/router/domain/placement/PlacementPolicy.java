package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.PriorityClass;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * By what a cell chooses among workers. It is complete, so that what a version means depends on no
 * replica's configuration.
 *
 * @param version 0 for what is configured, else that of the stored one
 * @param weights of every class; those that are left out are the standard ones
 */
public record PlacementPolicy(
    int version, Map<PriorityClass, Weights> weights, AlgorithmTable algorithms) {

  public static final PlacementPolicy STANDARD = configured(AlgorithmTable.STANDARD);

  public PlacementPolicy {
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
    }
    Map<PriorityClass, Weights> complete = new EnumMap<>(PriorityClass.class);
    for (PriorityClass priority : PriorityClass.values()) {
      complete.put(priority, weights.getOrDefault(priority, Weights.STANDARD));
    }
    weights = Collections.unmodifiableMap(complete);
  }

  /** What holds as long as no version is stored. */
  public static PlacementPolicy configured(AlgorithmTable algorithms) {
    return new PlacementPolicy(0, Map.of(), algorithms);
  }

  /** How Decisions name it. */
  public String name() {
    return version == 0 ? "standard-1" : "placement-" + version;
  }

  /** The same as another version. */
  public PlacementPolicy as(int otherVersion) {
    return new PlacementPolicy(otherVersion, weights, algorithms);
  }
}
