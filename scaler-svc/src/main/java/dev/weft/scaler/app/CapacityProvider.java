package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.PoolName;
import java.util.Map;

/**
 * Starts and ends the machines of pools. A machine is known by its worker's name and a handle,
 * which is another one for each life. Calls may be repeated, and may come late from a scaler that
 * is not the active one any more: they never harm another life.
 */
public interface CapacityProvider {

  /** What pools call it by. */
  String kind();

  /**
   * What runs of the pool, handles by worker name. What {@link #start} has returned for is there
   * until it has ended, whoever ended it and whichever scaler started it.
   */
  Map<String, String> machines(PoolName pool);

  /**
   * Starts a worker, unless one of the name runs; returns when the machine is there, not when it is
   * ready.
   *
   * @throws CapacityException if there is no such name, or it cannot be started
   */
  void start(PoolName pool, String worker);

  /** Asks this life of the worker to end; does not wait. */
  void stop(PoolName pool, String worker, String handle);

  /** Ends this life of the worker and all that it started. */
  void kill(PoolName pool, String worker, String handle);

  /** The worker has ended and is not to come back for now: gives up what was kept for it. */
  void release(PoolName pool, String worker, String handle);
}
