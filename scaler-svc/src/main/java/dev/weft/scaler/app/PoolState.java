package dev.weft.scaler.app;

import dev.weft.scaler.app.PoolStore.Change;
import dev.weft.scaler.app.PoolStore.StoredPool;
import dev.weft.scaler.domain.plan.Action;
import dev.weft.scaler.domain.plan.Plan;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.PoolSpec;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A pool in one term of the active scaler. One thread at a time. */
final class PoolState {

  private static final int MOST_ENDED_SHOWN = 3;

  /** What the placer said of instances that drain. */
  final Set<InstanceId> drained = new HashSet<>();

  /** Why the last start of a worker failed, by name. */
  final Map<String, String> failures = new HashMap<>();

  /** The provider did not answer the last time. */
  boolean providerAway;

  private PoolSpec spec;
  private final int configured;
  private long revision;
  private Restarts restarts;
  private Optional<ScalingAction> lastAction;
  private final Map<InstanceId, Instance> live = new LinkedHashMap<>();
  private final Deque<Instance> ended = new ArrayDeque<>();

  /**
   * @param configured as the catalogue has it now
   * @param stored as the store has it; empty if the pool is new
   */
  PoolState(PoolSpec configured, Optional<StoredPool> stored, List<Instance> instances) {
    this.configured = configured.size().desired();
    // The newer wish counts: people's, until the configuration wishes for something else.
    this.spec =
        stored
            .filter(row -> row.configured() == this.configured)
            .map(row -> configured.resized(row.desired()))
            .orElse(configured);
    this.revision = stored.map(StoredPool::revision).orElse(0L);
    this.restarts = stored.map(StoredPool::restarts).orElse(Restarts.NONE);
    this.lastAction = stored.flatMap(StoredPool::lastAction);
    instances.forEach(one -> live.put(one.id(), one));
  }

  PoolSpec spec() {
    return spec;
  }

  List<Instance> live() {
    return List.copyOf(live.values());
  }

  Restarts restarts() {
    return restarts;
  }

  /** What is to be written for a plan. */
  Change change(Plan plan, Instant now) {
    Map<InstanceId, Instance> rows = new LinkedHashMap<>();
    List<ScalingAction> actions = new ArrayList<>();
    for (Action action : plan.actions()) {
      Instance one = action.instance();
      rows.put(one.id(), one);
      switch (action) {
        case Action.Start start ->
            actions.add(new ScalingAction(now, ScalingAction.START, one.worker(), start.reason()));
        case Action.Drain drain ->
            actions.add(new ScalingAction(now, ScalingAction.END, one.worker(), drain.reason()));
        case Action.Note _, Action.Stop _, Action.Kill _, Action.Over _ -> {}
      }
    }
    return new Change(
        row(spec.size().desired(), plan.restarts()), List.copyOf(rows.values()), actions);
  }

  /** What is to be written for another size. */
  Change change(int desired) {
    return new Change(row(desired, restarts), List.of(), List.of());
  }

  private StoredPool row(int desired, Restarts next) {
    return new StoredPool(spec.name(), desired, configured, revision + 1, next, lastAction);
  }

  /** A change is durable. */
  void saved(Change change) {
    spec = spec.resized(change.pool().desired());
    revision = change.pool().revision();
    restarts = change.pool().restarts();
    change.instances().forEach(this::take);
    if (!change.actions().isEmpty()) {
      lastAction = Optional.of(change.actions().getLast());
    }
  }

  private void take(Instance one) {
    if (one.isLive()) {
      live.put(one.id(), one);
      return;
    }
    live.remove(one.id());
    drained.remove(one.id());
    ended.addFirst(one);
    if (ended.size() > MOST_ENDED_SHOWN) {
      ended.removeLast();
    }
  }

  PoolView view() {
    List<Instance> shown = new ArrayList<>(live.values());
    shown.addAll(ended);
    return new PoolView(spec, shown, revision, lastAction);
  }
}
