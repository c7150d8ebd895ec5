package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import org.jspecify.annotations.Nullable;

/** What workers report: accepted once, by the fence, from the worker that holds the lease. */
final class Reports {

  private final CellCore core;
  private final Attempts attempts;

  Reports(CellCore core, Attempts attempts) {
    this.core = core;
    this.attempts = attempts;
  }

  void started(WorkerId from, AttemptKey key) {
    Attempt attempt = held(from, key);
    if (attempt != null) {
      attempts.started(attempt);
    }
  }

  /** Totals of what a running attempt has used of models; at its task's budget it is ended. */
  void used(WorkerId from, AttemptKey key, TokenUse use) {
    Attempt attempt = held(from, key);
    if (attempt == null) {
      return;
    }
    core.used(attempt, use);
    if (TokenBook.spentUp(attempt) && attempt.task.state() != TaskState.CANCELLING) {
      attempts.stopped(attempt, Problems.tokensSpent(attempt));
      core.leave(attempt);
    }
  }

  /**
   * Settles a report and says so once that is durable; a stale one is dropped by a guarded word.
   */
  void report(WorkerId from, WorkerLink link, Report report) {
    Worker worker = core.fleet.find(from);
    if (worker == null || !settle(worker, report)) {
      core.draft.barrier();
    }
    core.draft.effect(new Effect.Acknowledge(link, report.key()));
  }

  /** Whether it was accepted. */
  boolean settle(Worker worker, Report report) {
    if (worker.laid(report.key().fence())) {
      core.fleet.freed(worker);
      core.settleDrain(worker);
    }
    Attempt attempt = held(worker.id(), report.key());
    if (attempt == null) {
      return false;
    }
    core.used(attempt, report.tokens());
    switch (report.outcome()) {
      case SUCCEEDED -> attempts.succeeded(attempt, report.result());
      case FAILED -> attempts.failed(attempt, problem(report), report.result());
      case CANCELLED, PREEMPTED -> {
        boolean asked = attempt.task.state() == TaskState.CANCELLING || attempt.preempting;
        attempts.preempted(attempt, report.result());
        if (!asked && !worker.slot.draining()) {
          hold(worker);
        }
      }
    }
    return true;
  }

  /** It did not fit: the credit view was wrong, so the worker gets nothing for a moment. */
  void rejected(WorkerId from, AttemptKey key, String why) {
    Attempt attempt = held(from, key);
    if (attempt == null) {
      return;
    }
    attempts.rejected(attempt, why);
    hold(attempt.worker);
  }

  /** A worker that gives back what it should have kept gets nothing for a moment. */
  private void hold(Worker worker) {
    worker.slot.held(true);
    worker.heldUntil = core.clock.nanos() + core.settings.leases().rejectHold().toNanos();
  }

  private @Nullable Attempt held(WorkerId from, AttemptKey key) {
    Attempt attempt = attempts.open(key);
    return attempt != null && attempt.worker.id().equals(from) ? attempt : null;
  }

  private static Problem problem(Report report) {
    Problem given = report.problem();
    return given == null ? Problems.unexplained() : given;
  }
}
