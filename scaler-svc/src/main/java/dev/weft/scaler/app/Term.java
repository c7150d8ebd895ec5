package dev.weft.scaler.app;

import dev.weft.platform.time.Ticker;
import dev.weft.scaler.app.PoolStore.Loaded;
import dev.weft.scaler.app.PoolStore.StoredPool;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.PoolSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one active scaler knows. Its time is the database's at the start and this process's
 * monotonic clock since, so deadlines mean the same to the next one.
 */
final class Term {

  private final long epoch;
  private final Ticker ticker;
  private final Instant loadedAt;
  private final long loadedNanos;
  private final List<PoolSpec> specs;
  private final Map<PoolName, PoolState> pools = new TreeMap<>();
  private boolean inDoubt;

  Term(long epoch, List<PoolSpec> specs, Loaded loaded, Ticker ticker) {
    this.epoch = epoch;
    this.ticker = ticker;
    this.specs = List.copyOf(specs);
    this.loadedAt = loaded.now();
    this.loadedNanos = ticker.nanos();
    for (PoolSpec spec : specs) {
      Optional<StoredPool> row =
          loaded.pools().stream().filter(one -> one.name().equals(spec.name())).findFirst();
      List<Instance> instances =
          loaded.instances().stream().filter(one -> one.pool().equals(spec.name())).toList();
      pools.put(spec.name(), new PoolState(spec, row, instances));
    }
  }

  long epoch() {
    return epoch;
  }

  /** In the database's resolution, so that what comes back from it is equal. */
  Instant now() {
    return loadedAt.plusNanos(ticker.nanos() - loadedNanos).truncatedTo(ChronoUnit.MICROS);
  }

  List<PoolSpec> specs() {
    return specs;
  }

  Collection<PoolState> pools() {
    return pools.values();
  }

  PoolState pool(PoolName name) {
    PoolState pool = pools.get(name);
    if (pool == null) {
      throw new IllegalStateException(
          "pool: " + name + " (expected: one of " + pools.keySet() + ")");
    }
    return pool;
  }

  /** A write may or may not have got through: the store must be read again. */
  void doubt() {
    inDoubt = true;
  }

  boolean inDoubt() {
    return inDoubt;
  }
}
