package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Live;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.Serving;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.domain.pool.PoolRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What has become of one instance, whatever the size of its pool. */
final class InstanceJudge {

  private final PoolSight sight;
  private final PoolRules rules;
  private final Instant now;

  InstanceJudge(PoolSight sight, Instant now) {
    this.sight = sight;
    this.rules = sight.spec().rules();
    this.now = now;
  }

  /** The step that it is due, if any. */
  Optional<Action> judge(Instance one) {
    String machine = sight.machines().handle(one.worker()).orElse("");
    boolean there = !machine.isEmpty() && (one.handle().isEmpty() || one.handle().equals(machine));
    if (!there && one.state() instanceof Live live) {
      return Optional.of(over(one, live));
    }
    Instance known = one.runBy(machine);
    Optional<Action> due =
        switch (one.state()) {
          case Starting starting -> starting(known, starting);
          case Running running -> running(known, running);
          case SetAside aside -> setAside(known, aside);
          case Draining draining -> draining(known, draining);
          case Stopping stopping ->
              now.isBefore(stopping.killAt())
                  ? Optional.empty()
                  : Optional.of(new Action.Kill(known));
          case Ended ignored -> Optional.empty();
        };
    return due.or(() -> known.equals(one) ? Optional.empty() : Optional.of(new Action.Note(known)));
  }

  private Action over(Instance one, Live live) {
    boolean wished = !(live instanceof Serving);
    String detail =
        wished
            ? live.detail()
            : sight
                .machines()
                .failure(one.worker())
                .orElseGet(() -> "died after " + one.age(now).toSeconds() + " s");
    return new Action.Over(one.with(live.ended(now, detail)), wished);
  }

  private Optional<Action> starting(Instance one, Starting state) {
    Optional<WorkerSeen> seen = sight.fleet().find(one.worker()).filter(WorkerSeen::ready);
    Duration age = one.age(now);
    boolean ofThisLife =
        seen.isPresent()
            && (seen.get().standingFor().compareTo(age) < 0
                || age.compareTo(rules.patience().oldView()) >= 0);
    if (ofThisLife) {
      return Optional.of(new Action.Note(one.knownAs(seen.get().id()).with(state.running(now))));
    }
    Duration waited = Duration.between(state.since(), now);
    if (sight.fleet().current() && waited.compareTo(rules.patience().start()) >= 0) {
      String reason = "not ready after " + waited.toSeconds() + " s";
      return Optional.of(drain(one, state.draining(now, Duration.ZERO, reason), reason));
    }
    return Optional.empty();
  }

  private Optional<Action> running(Instance one, Running state) {
    Optional<WorkerSeen> seen = sight.fleet().find(one.worker());
    if (seen.isPresent()
        && seen.get().drains()
        && seen.get().standingFor().compareTo(rules.patience().setAside()) >= 0) {
      return Optional.of(new Action.Note(one.with(state.setAside(now))));
    }
    if (sight.fleet().current()
        && seen.map(worker -> worker.absentFor(rules.patience().silence())).orElse(true)) {
      String reason = "silent for " + rules.patience().silence().toSeconds() + " s";
      return Optional.of(drain(one, state.draining(now, rules.drainage().grace(), reason), reason));
    }
    return Optional.empty();
  }

  private Optional<Action> setAside(Instance one, SetAside state) {
    boolean back = sight.fleet().find(one.worker()).filter(WorkerSeen::ready).isPresent();
    return back ? Optional.of(new Action.Note(one.with(state.running(now)))) : Optional.empty();
  }

  private Optional<Action> draining(Instance one, Draining state) {
    boolean over = !now.isBefore(state.deadline().plus(rules.drainage().slack()));
    if (!over && !sight.drained().contains(one.id()) && !neverJoined(one)) {
      return Optional.empty();
    }
    return Optional.of(new Action.Stop(one.with(state.stopping(now, rules.drainage().stop()))));
  }

  /** The placer gives nothing to a worker that the registry does not know. */
  private boolean neverJoined(Instance one) {
    return one.workerId().isEmpty()
        && sight.fleet().current()
        && sight.fleet().find(one.worker()).isEmpty();
  }

  private static Action drain(Instance one, InstanceState state, String reason) {
    return new Action.Drain(one.with(state), reason);
  }
}
