package dev.weft.scaler.domain.pool;

import java.util.List;

/**
 * What a pool is.
 *
 * @param provider the kind of capacity provider that starts and ends its workers
 * @param workers the names that its workers can bear, in the order in which they are given out
 */
public record PoolSpec(
    PoolName name, String provider, PoolSize size, List<String> workers, PoolRules rules) {

  public PoolSpec {
    workers = List.copyOf(workers);
    if (workers.size() < size.most()) {
      throw new IllegalArgumentException(
          "pool %s: %d names (expected: at least as many as it can have workers, %d)"
              .formatted(name, workers.size(), size.most()));
    }
  }

  public PoolSpec resized(int desired) {
    return new PoolSpec(name, provider, size.with(desired), workers, rules);
  }

  /** How many may be alive at once, whatever happens. */
  public int ceiling() {
    return size.desired() + rules.surge();
  }
}
