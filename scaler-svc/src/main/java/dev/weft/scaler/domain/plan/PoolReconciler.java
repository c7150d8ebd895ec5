package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.InstanceState.Drainable;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.PoolSpec;
import dev.weft.scaler.domain.pool.RestartPause;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Decides what a pool needs now: first what has become of each instance, then how many are missing
 * or too many. Never starts one more than desired and surge allow; ends a worker only by draining
 * it first.
 */
public final class PoolReconciler {

  private final PoolSight sight;
  private final PoolSpec spec;
  private final Instant now;
  private final Supplier<InstanceId> ids;
  private final Map<InstanceId, Instance> live = new LinkedHashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private Restarts restarts;

  private PoolReconciler(PoolSight sight, Instant now, Supplier<InstanceId> ids) {
    this.sight = sight;
    this.spec = sight.spec();
    this.now = now;
    this.ids = ids;
    this.restarts = sight.restarts();
  }

  /**
   * @param ids names new instances
   */
  public static Plan reconcile(PoolSight sight, Instant now, Supplier<InstanceId> ids) {
    return new PoolReconciler(sight, now, ids).plan();
  }

  private Plan plan() {
    InstanceJudge judge = new InstanceJudge(sight, now);
    for (Instance one : sight.live()) {
      live.put(one.id(), one);
      judge
          .judge(one)
          .ifPresent(
              action -> {
                take(action);
                countDeath(one, action);
              });
    }
    adopt();
    int missing = missing();
    if (missing > 0) {
      grow(missing);
    } else {
      serving().stream().limit(-missing).forEach(one -> drain(one, surplus()));
    }
    dropSetAside();
    return new Plan(actions, restarts);
  }

  private void take(Action action) {
    actions.add(action);
    Instance one = action.instance();
    if (one.isLive()) {
      live.put(one.id(), one);
    } else {
      live.remove(one.id());
    }
  }

  /** One that never got ready died at once, however long it took to give it up. */
  private void countDeath(Instance before, Action action) {
    RestartPause pause = spec.rules().restartPause();
    if (action instanceof Action.Over over && !over.wished()) {
      restarts = restarts.afterDeath(before.age(now), now, pause);
    } else if (action instanceof Action.Drain && before.state() instanceof Starting) {
      restarts = restarts.afterDeath(Duration.ZERO, now, pause);
    }
  }

  /** What runs already under a name of the pool belongs to it. */
  private void adopt() {
    Set<String> borne = borne();
    for (String worker : spec.workers()) {
      String machine = sight.machines().handle(worker).orElse("");
      if (!machine.isEmpty() && borne.add(worker)) {
        take(
            new Action.Note(
                Instance.starting(ids.get(), spec.name(), worker, now, "was already running")
                    .runBy(machine)));
      }
    }
  }

  private void grow(int missing) {
    int room = spec.ceiling() - live.size();
    if (room <= 0 || now.isBefore(restarts.mayStartFrom(spec.rules().restartPause()))) {
      return;
    }
    String reason =
        "%d of %d serve".formatted(spec.size().desired() - missing, spec.size().desired());
    Set<String> borne = borne();
    spec.workers().stream()
        .filter(worker -> !borne.contains(worker))
        .limit(Math.min(missing, room))
        .forEach(
            worker ->
                take(
                    new Action.Start(
                        Instance.starting(ids.get(), spec.name(), worker, now, reason), reason)));
  }

  /**
   * Those that end first come first: not yet ready, then with the least work, then the last name.
   */
  private List<Instance> serving() {
    return live.values().stream()
        .filter(Instance::serves)
        .sorted(
            Comparator.comparing((Instance one) -> !(one.state() instanceof Starting))
                .thenComparingInt(this::work)
                .thenComparingInt(one -> -spec.workers().indexOf(one.worker())))
        .toList();
  }

  private int work(Instance one) {
    return sight.fleet().find(one.worker()).map(WorkerSeen::running).orElse(0);
  }

  private String surplus() {
    return "%d are desired".formatted(spec.size().desired());
  }

  /**
   * Workers that people have drained stay while there is room for them besides those that serve.
   */
  private void dropSetAside() {
    int staying = count(one -> one.state() instanceof Drainable);
    int tooMany =
        spec.size().desired() == 0 ? staying : staying + Math.max(0, missing()) - spec.ceiling();
    live.values().stream()
        .filter(one -> one.state() instanceof SetAside)
        .sorted(Comparator.comparing(one -> one.state().since()))
        .limit(Math.max(0, tooMany))
        .toList()
        .forEach(one -> drain(one, "drained by hand; its place is needed"));
  }

  private int missing() {
    return spec.size().desired() - count(Instance::serves);
  }

  private void drain(Instance one, String reason) {
    if (one.state() instanceof Drainable state) {
      take(
          new Action.Drain(
              one.with(state.draining(now, spec.rules().drainage().grace(), reason)), reason));
    }
  }

  private int count(Predicate<Instance> which) {
    return (int) live.values().stream().filter(which).count();
  }

  private Set<String> borne() {
    Set<String> names = new HashSet<>();
    live.values().forEach(one -> names.add(one.worker()));
    return names;
  }
}
