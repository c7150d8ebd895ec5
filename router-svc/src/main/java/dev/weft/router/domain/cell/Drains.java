package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.Map;

/** Stops placing on a worker first, durably, and only then tells it. */
final class Drains {

  private final CellCore core;

  Drains(CellCore core) {
    this.core = core;
  }

  /** Asked again it tells how far the drain is; the earliest deadline asked for stands. */
  void begin(WorkerId id, Duration grace, DrainReply reply) {
    Worker worker = core.fleet.find(id);
    if (worker == null) {
      core.draft.effect(
          new Effect.DrainDenied(
              reply,
              new Denial(
                  Denial.Reason.WORKER_NOT_FOUND,
                  "worker: " + id + " (expected: one that the placer knows)",
                  Map.of("worker", id.toString()))));
      return;
    }
    core.draft.barrier();
    if (worker.drain == WorkerDrain.Stage.NONE) {
      start(worker, grace);
    } else if (worker.drain == WorkerDrain.Stage.DRAINING) {
      hasten(worker, grace);
    }
    boolean drained = worker.drain == WorkerDrain.Stage.DRAINED;
    core.draft.effect(new Effect.DrainState(reply, drained, worker.open()));
  }

  private void start(Worker worker, Duration grace) {
    worker.drain = WorkerDrain.Stage.DRAINING;
    worker.slot.draining(true);
    core.fleet.changed();
    endBy(worker, grace);
    core.settleDrain(worker);
  }

  private void hasten(Worker worker, Duration grace) {
    if (core.clock.databaseMillis() + grace.toMillis() < worker.drainDeadlineMillis) {
      endBy(worker, grace);
    }
  }

  private void endBy(Worker worker, Duration grace) {
    worker.drainDeadlineMillis = core.clock.databaseMillis() + grace.toMillis();
    worker.drainEnforced = false;
    core.draft.drain(
        new WorkerDrain(worker.id(), worker.drainDeadlineMillis, WorkerDrain.Stage.DRAINING));
    WorkerLink link = worker.link;
    if (link != null) {
      core.draft.effect(new Effect.Drain(link, grace));
    }
  }

  /** What still runs at the deadline is ended and runs elsewhere. */
  void enforce() {
    long now = core.clock.databaseMillis();
    for (Worker worker : core.fleet.all()) {
      if (worker.drain == WorkerDrain.Stage.DRAINING
          && !worker.drainEnforced
          && now >= worker.drainDeadlineMillis) {
        worker.drainEnforced = true;
        preempt(worker);
      }
    }
  }

  private void preempt(Worker worker) {
    WorkerLink link = worker.link;
    for (Attempt attempt : worker.openAttempts()) {
      attempt.preempting = true;
      if (link != null) {
        core.draft.barrier();
        core.draft.effect(new Effect.Cancel(link, attempt.key()));
      }
    }
  }
}
