package dev.weft.scaler.domain.pool;

import java.time.Duration;
import java.time.Instant;

/**
 * One life of a worker in a pool.
 *
 * @param worker the worker's name
 * @param workerId the worker's identity in the mesh; empty until the registry has shown it
 * @param handle the provider's word for the running machine; empty until it was seen. Another one
 *     under the same name is another life.
 * @param born when it was asked of the provider
 */
public record Instance(
    InstanceId id,
    PoolName pool,
    String worker,
    String workerId,
    String handle,
    Instant born,
    InstanceState state) {

  public static Instance starting(
      InstanceId id, PoolName pool, String worker, Instant now, String why) {
    return new Instance(id, pool, worker, "", "", now, new InstanceState.Starting(now, why));
  }

  public Instance with(InstanceState next) {
    return new Instance(id, pool, worker, workerId, handle, born, next);
  }

  public Instance knownAs(String id) {
    return new Instance(this.id, pool, worker, id, handle, born, state);
  }

  public Instance runBy(String machine) {
    return new Instance(id, pool, worker, workerId, machine, born, state);
  }

  public boolean isLive() {
    return state instanceof InstanceState.Live;
  }

  public boolean serves() {
    return state instanceof InstanceState.Serving;
  }

  public Duration age(Instant now) {
    return Duration.between(born, now);
  }
}
