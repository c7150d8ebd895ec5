package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Pools, instances and actions that outlive the scaler. Blocks. */
public interface PoolStore {

  /**
   * A pool as it is stored.
   *
   * @param configured the size that the configuration wished for when it was last read
   * @param lastAction the newest one
   */
  record StoredPool(
      PoolName name,
      int desired,
      int configured,
      long revision,
      Restarts restarts,
      Optional<ScalingAction> lastAction) {}

  /** Everything of the cell, live instances only, and the time by the database's clock. */
  record Loaded(Instant now, List<StoredPool> pools, List<Instance> instances) {}

  /**
   * What one step changes.
   *
   * @param pool as it is afterwards; its last action is not looked at
   * @param instances as they are afterwards
   * @param actions new ones
   */
  record Change(StoredPool pool, List<Instance> instances, List<ScalingAction> actions) {}

  /**
   * Reads what counts: no guarded write that began before is still under way when it reads.
   *
   * @throws StoreException if the database is away
   */
  Loaded load();

  /**
   * Writes all or nothing, and only while {@code epoch} is the one that holds the cell.
   *
   * @throws StoreException if it is unknown whether it was written: load before anything else
   */
  SaveOutcome save(long epoch, Change change);

  /**
   * Deletes actions and ended instances that are older.
   *
   * @return how many rows; as many as {@code most} if there may be more
   */
  int forget(long epoch, Duration age, int most);
}
