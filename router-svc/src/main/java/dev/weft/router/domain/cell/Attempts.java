package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.outlier.Evidence;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The life of attempts: how each kind of end moves its task on. */
final class Attempts {

  private final CellCore core;
  private final Ejector ejector;

  /** Attempts that run and whose rows do not say so, oldest first. */
  private final Deque<Attempt> started = new ArrayDeque<>();

  Attempts(CellCore core, Ejector ejector) {
    this.core = core;
    this.ejector = ejector;
  }

  /** The open attempt of that key; null when it is none, or one of another fence. */
  @Nullable Attempt open(AttemptKey key) {
    TaskEntry entry = core.tasks.get(key.task());
    Attempt attempt = entry == null ? null : entry.attempt();
    return attempt != null && attempt.open && attempt.fence == key.fence() ? attempt : null;
  }

  Attempt lease(TaskEntry entry, Worker worker) {
    Attempt last = entry.attempt();
    Attempt next = new Attempt(entry, last == null ? 1 : last.number + 1, ++core.lastFence, worker);
    next.failedOn = last == null ? List.of() : last.failedOn;
    next.tokensBefore = last == null ? 0 : last.tokensUsed();
    next.waitedMillis =
        last == null
            ? core.clock.databaseMillis() - entry.id().mintedAtMillis()
            : TimeUnit.NANOSECONDS.toMillis(core.clock.nanos() - last.endedAt);
    next.leasedAt = core.clock.nanos();
    next.leaseEnd = core.clock.nanos() + core.settings.leases().ttl().toNanos();
    next.spending = Budgets.spending(next);
    next.grant = core.accounts.grant(next);
    entry.attempt(next);
    core.leased(next);
    core.move(entry, TaskState.LEASED, "");
    ejector.leased(next);
    return next;
  }

  /**
   * Its lease is stored: from now on the worker has it; nothing when it has ended meanwhile.
   *
   * @param spec what is to be done; null when it was not found
   */
  Optional<Effect> durable(Draft.Lease lease, @Nullable StoredSpec spec) {
    Attempt attempt = lease.attempt();
    if (!attempt.open) {
      return Optional.empty();
    }
    attempt.leaseEnd = core.clock.nanos() + core.settings.leases().ttl().toNanos();
    core.budgets.begun(attempt);
    core.accounts.begun(attempt);
    AttemptKey key = attempt.key();
    if (spec == null) {
      throw new IllegalStateException("spec of " + key.task() + ": absent (expected: stored)");
    }
    core.users.begun(attempt, spec);
    Shape shape = attempt.task.stream.shape;
    Duration waited = Duration.ofMillis(Math.max(0, attempt.waitedMillis));
    return Optional.of(
        new Effect.Assign(
            lease.link(), new Assignment(key, shape.tenant, shape.need.resources(), waited), spec));
  }

  void started(Attempt attempt) {
    if (attempt.running) {
      return;
    }
    attempt.running = true;
    attempt.startedAt = core.clock.nanos();
    if (attempt.task.state() == TaskState.LEASED) {
      attempt.task.state(TaskState.RUNNING);
      started.add(attempt);
    }
  }

  /** RUNNING never makes a commit; what has run for a while rides along with one. */
  void writeStarted() {
    long since = core.clock.nanos() - core.settings.rhythm().running().toNanos();
    while (!started.isEmpty() && started.peek().startedAt <= since) {
      storeRunning(started.remove());
    }
  }

  private void storeRunning(Attempt attempt) {
    if (attempt.open && !attempt.runningStored && attempt.task.state() == TaskState.RUNNING) {
      attempt.runningStored = true;
      core.draft.change(attempt.task, "");
    }
  }

  void succeeded(Attempt attempt, @Nullable Document result) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, result);
      return;
    }
    storeRunning(attempt);
    close(attempt, Evidence.ANSWERED);
    answered(attempt);
    if (result != null && result.size() > 0) {
      attempt.resultStored = true;
      core.draft.result(new TaskResult(entry.id(), attempt.number, result));
    }
    core.move(entry, TaskState.SUCCEEDED, "");
  }

  private static void answered(Attempt attempt) {
    if (attempt.leasedAt != 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(attempt.endedAt - attempt.leasedAt);
      attempt.worker.slot.responses().add(attempt.task.stream.shape.need.executor(), millis);
    }
  }

  void failed(Attempt attempt, Problem problem, @Nullable Document result) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, result);
      return;
    }
    end(attempt, AttemptState.FAILED, problem, result, Evidence.of(problem.reason()));
    int failures = entry.failures() + 1;
    entry.failures(failures);
    RetryTerms retry = entry.stream.retry;
    boolean givenUp = failures > retry.maxRetries();
    if (givenUp || TokenBook.spentUp(attempt)) {
      attempt.resultStored = result != null;
      fail(entry, givenUp ? problem : Problems.tokensSpent(attempt));
      return;
    }
    attempt.avoidItsWorker();
    long backoff = retry.backoffMillis(failures, core.random);
    requeue(attempt, problem.reason(), core.clock.databaseMillis() + backoff);
  }

  /** It was told to end, and has; or it is lost while it was to end. */
  void cancelled(Attempt attempt, @Nullable Document result) {
    end(attempt, AttemptState.CANCELLED, Problems.cancelled(), result);
    core.move(attempt.task, TaskState.CANCELLED, Problems.CANCELLED_BY_USER);
  }

  /** Ended for a P0 task, or by its worker's drain or stop: costs no retry. */
  void preempted(Attempt attempt, @Nullable Document result) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, result);
      return;
    }
    boolean mayHaveRun = attempt.running;
    boolean claimed = attempt.claimedFor != null;
    Problem why = claimed ? Problems.preemptedForUrgent() : Problems.preemptedByWorker();
    end(attempt, AttemptState.PREEMPTED, why, result);
    if (mayHaveRun && !entry.stream.retry.rerunLost()) {
      fail(entry, Problems.preemptedForGood(why));
    } else if (claimed) {
      // Others' need, however often, is no reason to give a task up.
      waitAgain(attempt, Problems.PREEMPTED, 0);
    } else {
      requeue(attempt, Problems.PREEMPTED, 0);
    }
  }

  /** The worker had no room after all: costs nothing, and it never ran. */
  void rejected(Attempt attempt, String why) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, null);
      return;
    }
    end(attempt, AttemptState.PREEMPTED, Problems.rejected(why), null);
    requeue(attempt, Problems.ASSIGNMENT_REJECTED, 0);
  }

  /** Nobody knows what became of it. */
  void lost(Attempt attempt, String how) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, null);
      return;
    }
    boolean ran = attempt.running;
    Problem problem = Problems.lost(attempt, how);
    // What else ran there may have taken the worker down, so it speaks for nobody.
    boolean alone = attempt.worker.alone(attempt);
    Evidence evidence = alone ? Evidence.WORKER_LOST : Evidence.NOTHING;
    end(attempt, AttemptState.LOST, problem, null, evidence);
    if (ran) {
      entry.losses(entry.losses() + 1);
      attempt.avoidItsWorker();
    }
    if (!entry.stream.retry.rerunLost()) {
      fail(entry, Problems.lostForGood());
    } else if (ran && entry.losses() >= core.settings.leases().poisonLosses()) {
      fail(entry, Problems.poison(entry.losses()));
    } else {
      requeue(attempt, Problems.WORKER_LOST, 0);
    }
  }

  /** The lease is over and it is known that the work never got there. */
  void undelivered(Attempt attempt) {
    if (attempt.task.state() == TaskState.CANCELLING) {
      cancelled(attempt, null);
      return;
    }
    end(attempt, AttemptState.LOST, Problems.lost(attempt, "it never got the assignment"), null);
    requeue(attempt, Problems.WORKER_LOST, 0);
  }

  /** Ended by the placer, whatever its worker does: costs all retries. */
  void stopped(Attempt attempt, Problem problem) {
    TaskEntry entry = attempt.task;
    if (entry.state() == TaskState.CANCELLING) {
      cancelled(attempt, null);
      return;
    }
    end(attempt, AttemptState.FAILED, problem, null);
    entry.failures(entry.failures() + 1);
    fail(entry, problem);
  }

  private void end(
      Attempt attempt, AttemptState state, Problem problem, @Nullable Document result) {
    end(attempt, state, problem, result, Evidence.NOTHING);
  }

  private void end(
      Attempt attempt,
      AttemptState state,
      Problem problem,
      @Nullable Document result,
      Evidence evidence) {
    if (state != AttemptState.LOST || attempt.running) {
      storeRunning(attempt);
    }
    close(attempt, evidence);
    core.draft.ended(attempt, state, problem, result);
  }

  private void close(Attempt attempt, Evidence evidence) {
    Worker worker = attempt.worker;
    attempt.open = false;
    attempt.endedAt = core.clock.nanos();
    core.ended.add(attempt);
    core.released(attempt);
    core.fleet.freed(worker);
    core.settleDrain(worker);
    ejector.ended(attempt, evidence);
  }

  private void requeue(Attempt attempt, String reason, long notBeforeMillis) {
    TaskEntry entry = attempt.task;
    if (attempt.number >= core.settings.leases().mostAttempts()) {
      fail(entry, Problems.tooManyAttempts(attempt.number));
    } else {
      waitAgain(attempt, reason, notBeforeMillis);
    }
  }

  private void waitAgain(Attempt attempt, String reason, long notBeforeMillis) {
    TaskEntry entry = attempt.task;
    if (TokenBook.spentUp(attempt)) {
      fail(entry, Problems.tokensSpent(attempt));
      return;
    }
    attempt.notBeforeMillis = notBeforeMillis;
    core.move(entry, TaskState.QUEUED, reason);
    core.await(entry, notBeforeMillis, false);
  }

  /** It is given up for good. */
  void fail(TaskEntry entry, Problem problem) {
    Attempt attempt = entry.attempt();
    core.draft.deadLetter(
        new DeadLetter(entry.id(), entry.tenant(), attempt == null ? 0 : attempt.number, problem));
    core.move(entry, TaskState.FAILED, problem.reason());
  }
}
