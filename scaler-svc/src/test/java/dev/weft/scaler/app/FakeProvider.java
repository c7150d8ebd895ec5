package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.PoolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Machines in memory; shared by as many scalers as the test wants. */
public final class FakeProvider implements CapacityProvider {

  private final Set<String> names = new HashSet<>();
  private final Map<String, String> running = new HashMap<>();
  public final List<String> started = new ArrayList<>();
  public final List<String> stopped = new ArrayList<>();

  /** Workers that do not end when they are asked. */
  public final Set<String> stubborn = new HashSet<>();

  public boolean away;
  public String brokenBecause = "";
  private int lives;

  public FakeProvider(PoolSpec pool) {
    names.addAll(pool.workers());
  }

  @Override
  public String kind() {
    return "fake";
  }

  @Override
  public Map<String, String> machines(PoolName pool) {
    if (away) {
      throw new CapacityException("away");
    }
    return Map.copyOf(running);
  }

  @Override
  public void start(PoolName pool, String worker) {
    if (!names.contains(worker)) {
      throw new CapacityException("worker: " + worker);
    }
    if (!brokenBecause.isEmpty()) {
      throw new CapacityException(brokenBecause);
    }
    if (!running.containsKey(worker)) {
      running.put(worker, "life-" + ++lives);
      started.add(worker);
    }
  }

  @Override
  public void stop(PoolName pool, String worker, String handle) {
    if (running.getOrDefault(worker, "").equals(handle)) {
      stopped.add(worker);
      if (!stubborn.contains(worker)) {
        running.remove(worker);
      }
    }
  }

  @Override
  public void kill(PoolName pool, String worker, String handle) {
    running.remove(worker, handle);
  }

  @Override
  public void release(PoolName pool, String worker, String handle) {
    // Nothing is kept for a worker here.
  }

  /** It ends by itself. */
  public void dies(String worker) {
    running.remove(worker);
  }
}
