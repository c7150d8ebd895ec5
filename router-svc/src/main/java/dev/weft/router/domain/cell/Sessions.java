package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The work streams: who is there, what it holds, what it says. */
final class Sessions {

  private final CellCore core;
  private final Attempts attempts;
  private final Reports reports;

  Sessions(CellCore core, Attempts attempts, Reports reports) {
    this.core = core;
    this.attempts = attempts;
    this.reports = reports;
  }

  void hello(WorkerLink link, Hello hello) {
    if (hello.highestEpoch() > core.epoch) {
      core.draft.barrier();
      core.draft.effect(
          new Effect.Close(
              link,
              new Denial(
                  Denial.Reason.NOT_HOLDER,
                  "epoch: %d (the worker has seen %d)".formatted(core.epoch, hello.highestEpoch()),
                  Map.of("address", ""))));
      return;
    }
    Worker worker = core.fleet.get(hello.worker());
    if (worker.link != null && worker.incarnation > hello.incarnation()) {
      supersede(link, worker.incarnation);
      return;
    }
    if (worker.link != null && !worker.speaksThrough(link)) {
      supersede(worker.link, hello.incarnation());
    }
    boolean sameLife = worker.incarnation == hello.incarnation();
    connect(worker, link, hello);
    greet(worker, link, hello, sameLife);
  }

  private void supersede(WorkerLink link, long newer) {
    core.draft.barrier();
    core.draft.effect(
        new Effect.Close(
            link,
            new Denial(
                Denial.Reason.SUPERSEDED,
                "incarnation: a stream of %d is connected".formatted(newer),
                Map.of("incarnation", Long.toString(newer)))));
  }

  private void connect(Worker worker, WorkerLink link, Hello hello) {
    boolean restarted =
        worker.incarnation != Long.MIN_VALUE && hello.incarnation() > worker.incarnation;
    worker.link = link;
    worker.incarnation = hello.incarnation();
    worker.absentUntil = 0;
    worker.goneSince = 0;
    worker.heldUntil = 0;
    worker.slot.held(false);
    worker.slot.connected(true);
    worker.slot.credit().forgetCapacity();
    worker.slot.credit().capacity(hello.capacity());
    worker.saysDraining = hello.draining();
    if (restarted && worker.drain != WorkerDrain.Stage.NONE) {
      worker.drain = WorkerDrain.Stage.NONE;
      core.draft.drain(new WorkerDrain(worker.id(), 0, WorkerDrain.Stage.NONE));
    }
    worker.slot.draining(worker.saysDraining || worker.drain != WorkerDrain.Stage.NONE);
    core.fleet.changed();
    core.fleet.freed(worker);
  }

  /** Settles what the worker brings, then says which of its attempts go on. */
  private void greet(Worker worker, WorkerLink link, Hello hello, boolean sameLife) {
    List<AttemptKey> settled = new ArrayList<>();
    for (Report report : hello.unacked()) {
      reports.settle(worker, report);
      settled.add(report.key());
    }
    Set<Long> running = new HashSet<>();
    hello.running().forEach(key -> running.add(key.fence()));
    layGhosts(worker, running);
    for (Attempt attempt : worker.openAttempts()) {
      if (running.contains(attempt.fence)) {
        renew(attempt);
        attempts.started(attempt);
      } else if (sameLife && !attempt.running) {
        attempts.undelivered(attempt);
      } else {
        attempts.lost(attempt, "the worker came back without it");
      }
    }
    List<AttemptKey> adopt = new ArrayList<>();
    List<AttemptKey> kill = new ArrayList<>();
    for (AttemptKey key : hello.running()) {
      Attempt attempt = attempts.open(key);
      (attempt != null && attempt.worker == worker ? adopt : kill).add(key);
    }
    Welcome welcome = new Welcome(core.epoch, adopt, kill, settled, core.settings.leases().ttl());
    send(link, welcome, !kill.isEmpty() || !settled.isEmpty());
    repeatOrders(worker, link);
  }

  /** A refusal on which the worker acts needs the guard's word; the rest does not. */
  private void send(WorkerLink link, Welcome welcome, boolean guarded) {
    if (guarded) {
      core.draft.barrier();
      core.draft.effect(new Effect.Greet(link, welcome));
    } else {
      core.immediate.add(new Effect.Greet(link, welcome));
    }
  }

  private void repeatOrders(Worker worker, WorkerLink link) {
    for (Attempt attempt : worker.openAttempts()) {
      if (attempt.preempting || attempt.task.state() == TaskState.CANCELLING) {
        core.draft.effect(new Effect.Cancel(link, attempt.key()));
      }
    }
    if (worker.drain != WorkerDrain.Stage.NONE) {
      long left = Math.max(0, worker.drainDeadlineMillis - core.clock.databaseMillis());
      core.draft.effect(new Effect.Drain(link, Duration.ofMillis(left)));
    }
  }

  void gone(WorkerId id, WorkerLink link) {
    Worker worker = core.fleet.find(id);
    if (worker == null || !worker.speaksThrough(link)) {
      return;
    }
    worker.link = null;
    worker.slot.connected(false);
    worker.slot.credit().forgetCapacity();
    worker.goneSince = core.clock.nanos();
    worker.absentUntil = core.clock.nanos() + core.settings.leases().reconnectGrace().toNanos();
    core.fleet.changed();
    core.fleet.forgetIfUnused(worker);
  }

  void capacity(WorkerId id, WorkerLink link, Capacity capacity) {
    Worker worker = connected(id, link);
    if (worker != null && worker.slot.credit().capacity(capacity)) {
      core.fleet.freed(worker);
      core.fleet.changed();
    }
  }

  void draining(WorkerId id, WorkerLink link, boolean draining) {
    Worker worker = connected(id, link);
    if (worker != null && worker.saysDraining != draining) {
      worker.saysDraining = draining;
      worker.slot.draining(draining || worker.drain != WorkerDrain.Stage.NONE);
      core.fleet.changed();
    }
  }

  /** Renews what is named, and only that; what should not run there is told to end. */
  void renewal(WorkerId id, WorkerLink link, long number, List<AttemptKey> held) {
    Worker worker = connected(id, link);
    if (worker == null) {
      return;
    }
    for (AttemptKey key : held) {
      Attempt attempt = attempts.open(key);
      if (attempt != null && attempt.worker == worker) {
        renew(attempt);
        attempts.started(attempt);
      } else {
        kill(worker, link, key);
      }
    }
    if (worker.haunted()) {
      Set<Long> named = new HashSet<>();
      held.forEach(key -> named.add(key.fence()));
      layGhosts(worker, named);
    }
    core.immediate.add(new Effect.Renewed(link, number));
  }

  private void kill(Worker worker, WorkerLink link, AttemptKey key) {
    if (!worker.hauntedBy(key.fence())) {
      core.draft.barrier();
      core.draft.effect(new Effect.Cancel(link, key));
    }
  }

  private void layGhosts(Worker worker, Set<Long> alive) {
    for (long fence : worker.ghosts()) {
      if (!alive.contains(fence) && worker.laid(fence)) {
        core.fleet.freed(worker);
      }
    }
    core.settleDrain(worker);
  }

  private void renew(Attempt attempt) {
    attempt.leaseEnd = core.clock.nanos() + core.settings.leases().ttl().toNanos();
  }

  private @Nullable Worker connected(WorkerId id, WorkerLink link) {
    Worker worker = core.fleet.find(id);
    return worker != null && worker.speaksThrough(link) ? worker : null;
  }
}
