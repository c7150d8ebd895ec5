package dev.weft.scaler.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.InstanceState;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.domain.pool.PoolSpec;
import dev.weft.scaler.domain.pool.Pools;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A scaler over simulated machines; after every step it checks what must always hold. */
final class SimPool {

  static final Duration TICK = Duration.ofMillis(500);

  final SimMachines machines;
  Instant now = Pools.START;
  PoolSpec spec = Pools.spec(2);
  int starts;
  private final Map<InstanceId, Instance> live = new LinkedHashMap<>();
  private final Set<InstanceId> drained = new HashSet<>();
  private Restarts restarts = Restarts.NONE;

  SimPool(SimMachines machines) {
    this.machines = machines;
  }

  /**
   * One round.
   *
   * @param crashed the scaler dies after it has stored its plan, before it did anything of it
   */
  void round(boolean crashed) {
    now = now.plus(TICK);
    machines.moveTo(now);
    PoolSight sight =
        new PoolSight(
            spec,
            List.copyOf(live.values()),
            restarts,
            new Machines(machines.handles(), Map.of()),
            machines.seen(),
            drained);
    Plan plan = PoolReconciler.reconcile(sight, now, Pools::id);
    Map<InstanceId, Instance> before = new LinkedHashMap<>(live);
    store(plan);
    check(plan, before);
    if (crashed) {
      drained.clear();
      return;
    }
    plan.actions().forEach(this::carryOut);
    for (Instance one : live.values()) {
      if (one.state() instanceof Draining draining
          && machines.drain(one.worker(), draining.deadline())) {
        drained.add(one.id());
      }
    }
  }

  private void store(Plan plan) {
    restarts = plan.restarts();
    for (Action action : plan.actions()) {
      Instance one = action.instance();
      if (one.isLive()) {
        live.put(one.id(), one);
      } else {
        live.remove(one.id());
        drained.remove(one.id());
      }
    }
  }

  private void carryOut(Action action) {
    Instance one = action.instance();
    switch (action) {
      case Action.Start _ -> {
        starts++;
        machines.start(one.worker());
      }
      case Action.Stop _ -> machines.stop(one.worker(), one.handle());
      case Action.Kill _ -> machines.kill(one.worker(), one.handle());
      case Action.Note _, Action.Drain _, Action.Over _ -> {}
    }
  }

  private void check(Plan plan, Map<InstanceId, Instance> before) {
    if (plan.actions().stream().anyMatch(action -> action instanceof Action.Start)) {
      assertThat(live.size()).as("alive after a start").isLessThanOrEqualTo(spec.ceiling());
    }
    assertThat(live.values().stream().map(Instance::worker)).doesNotHaveDuplicates();
    assertThat(live.values().stream().map(Instance::worker).toList())
        .as("every machine belongs to an instance")
        .containsAll(machines.handles().keySet());
    for (Action action : plan.actions()) {
      Instance one = action.instance();
      if (action instanceof Action.Stop) {
        InstanceState was = before.get(one.id()).state();
        assertThat(was).isInstanceOf(Draining.class);
        boolean late = !now.isBefore(((Draining) was).deadline());
        assertThat(late || machines.leases(one.worker(), one.handle()) == 0)
            .as("stopped with a lease before its deadline: %s", one)
            .isTrue();
      }
      if (action instanceof Action.Kill) {
        assertThat(before.get(one.id()).state()).isInstanceOf(Stopping.class);
      }
    }
  }

  List<Instance> live() {
    return new ArrayList<>(live.values());
  }
}
