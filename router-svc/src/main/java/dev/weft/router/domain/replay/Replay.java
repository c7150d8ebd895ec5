package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Report;
import dev.weft.router.domain.cell.SettledReply;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.replay.Outcome.End;
import dev.weft.router.domain.replay.RunTimes.Step;
import dev.weft.router.domain.replay.Scenario.PolicyStep;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Lives a recorded workload through again: each task comes when it came, asks for what it asked
 * for, and takes as long as it took, in the production cell on a virtual clock, among the workers
 * of a scenario. The same input gives the same outcome.
 */
public final class Replay {

  /** What has not ended so long after the last arrival counts as open. */
  private static final Duration HORIZON = Duration.ofDays(7);

  private static final long FINEST_TICK = Duration.ofMillis(100).toNanos();
  private static final long COARSE_TICK = Duration.ofSeconds(10).toNanos();
  private static final int MOST_FINE_TICKS = 36_000;
  private static final long TO_THE_NEXT_MILLI = 2_000_000;
  private static final int UNKNOWN_CODE = 2;
  private static final SpecRow NO_SPEC = new SpecRow(Document.EMPTY, "", "", Document.EMPTY, "");

  private final Workload workload;
  private final RunTimes times;
  private final VirtualCell cell;
  private final ReplayFleet fleet;
  private final Agenda agenda = new Agenda();
  private final Map<TaskId, TaskLife> lives = new LinkedHashMap<>();
  private final List<Begun> begun = new ArrayList<>();
  private final long untilNanos;
  private final long fineTick;
  private long now;
  private long nextTick;
  private long fineUntil;
  private boolean wake;
  private int open;
  private int running;

  private Replay(Workload workload, RunTimes times, Scenario scenario) {
    this.workload = workload;
    this.times = times;
    this.untilNanos = workload.nanos(workload.until());
    this.fineUntil = untilNanos;
    this.fineTick = Math.max(FINEST_TICK, untilNanos / MOST_FINE_TICKS);
    this.cell =
        new VirtualCell(
            Policies.of(scenario.policies().getFirst().policy(), scenario.order()),
            workload.since(),
            this::changed);
    this.fleet = new ReplayFleet(this::assigned, this::cancelled, this::lost);
    plan(scenario);
  }

  /**
   * One outcome for each task, in the order of acceptance.
   *
   * @throws ReplayStopped as soon as {@code stop} says so
   */
  public static List<Outcome> run(
      Workload workload, RunTimes times, Scenario scenario, BooleanSupplier stop) {
    Replay replay = new Replay(workload, times, scenario);
    replay.live(stop);
    return replay.lives.values().stream().map(life -> life.outcome(workload, replay.now)).toList();
  }

  /** What was there or changed first at a moment comes before what was accepted then. */
  private void plan(Scenario scenario) {
    for (FleetEvent event : scenario.fleet().events()) {
      agenda.at(nanos(event.at()), () -> fleet.change(cell.at(now), event));
    }
    for (PolicyStep step : scenario.policies()) {
      agenda.at(nanos(step.at()), () -> cell.at(now).adopt(step.policy()));
    }
    for (RecordedTask task : workload.tasks()) {
      TaskLife life = new TaskLife(task, times.script(task));
      lives.put(task.id(), life);
      agenda.at(nanos(task.created()), () -> arrive(life));
      if (task.terms().delayMillis() > 0) {
        agenda.at(nanos(task.ready()) + TO_THE_NEXT_MILLI, () -> wake = true);
      }
      if (End.of(task.state()) == End.CANCELLED && task.ended() != null) {
        agenda.at(nanos(task.ended()), () -> cancel(task));
      }
    }
  }

  private void live(BooleanSupplier stop) {
    long last = untilNanos + HORIZON.toNanos();
    while (agenda.next() != Agenda.NEVER || open > running) {
      if (stop.getAsBoolean()) {
        throw new ReplayStopped();
      }
      long tickAt = open > running ? nextTick : Agenda.NEVER;
      long next = Math.max(now, Math.min(agenda.next(), tickAt));
      if (next > last) {
        return;
      }
      now = next;
      cell.at(now);
      agenda.run(now);
      tick();
      cell.settle();
      begin();
    }
  }

  private void tick() {
    if (wake || now >= nextTick) {
      wake = false;
      cell.at(now).tick();
      nextTick = now + (now <= fineUntil ? fineTick : COARSE_TICK);
    }
  }

  private void arrive(TaskLife life) {
    open++;
    nextTick = Math.min(nextTick, now + fineTick);
    RecordedTask task = life.task;
    cell.at(now)
        .submit(
            new Submission(task.id(), workload.tenant(), task.terms(), NO_SPEC, Long.MAX_VALUE),
            0,
            new Door(life));
    if (cell.at(now).full()) {
      cell.settle();
    }
  }

  private void cancel(RecordedTask task) {
    cell.at(now).cancel(workload.tenant(), task.id(), Nobody.INSTANCE);
  }

  private void assigned(ReplayWorker worker, Assignment assignment) {
    AttemptKey key = assignment.key();
    TaskLife life = life(key.task());
    running++;
    life.leased(key, worker, now);
    Step step = life.step();
    Duration took = times.on(step, worker.profile(), life.task.terms().need());
    begun.add(new Begun(worker, key));
    agenda.at(now + took.toNanos(), () -> end(worker, key, step));
  }

  /** A worker says so after it was given the work, in a message of its own. */
  private void begin() {
    begun.forEach(one -> cell.at(now).started(one.worker.profile().id(), one.key));
    begun.clear();
  }

  private void end(ReplayWorker worker, AttemptKey key, Step step) {
    TaskLife life = life(key.task());
    if (!life.holds(key)) {
      return;
    }
    if (step.failure().isEmpty()) {
      report(life, worker, new Report(key, Report.Outcome.SUCCEEDED, null, null));
      return;
    }
    life.failed();
    long backoff = life.task.terms().retry().maxBackoffMillis() * 3 / 2 + 1_000;
    fineUntil = Math.max(fineUntil, now + Duration.ofMillis(backoff).toNanos());
    Problem problem = new Problem(UNKNOWN_CODE, step.failure(), "as recorded", Map.of());
    report(life, worker, new Report(key, Report.Outcome.FAILED, null, problem));
  }

  /** Asked to end: for a cancel, or for a P0 task. It does so at once. */
  private void cancelled(ReplayWorker worker, AttemptKey key) {
    agenda.at(
        now,
        () -> {
          TaskLife life = life(key.task());
          if (life.holds(key)) {
            report(life, worker, new Report(key, Report.Outcome.PREEMPTED, null, null));
          }
        });
  }

  private void report(TaskLife life, ReplayWorker worker, Report report) {
    released(life);
    if (worker.open()) {
      cell.at(now).report(worker.profile().id(), worker, report);
    }
  }

  /** The worker has gone, with all that it held. */
  private void lost(ReplayWorker worker) {
    nextTick = Math.min(nextTick, now + fineTick);
    fineUntil = Math.max(fineUntil, now + COARSE_TICK);
    lives.values().stream().filter(life -> life.isOn(worker)).forEach(this::released);
  }

  private void released(TaskLife life) {
    running--;
    life.released(now);
  }

  private void changed(TaskChange change) {
    End end = End.of(change.state());
    if (end != End.OPEN) {
      over(life(change.task()), end);
    }
  }

  private void over(TaskLife life, End end) {
    if (!life.over()) {
      open--;
      if (life.held() != null) {
        released(life);
      }
      life.ended(end, now);
    }
  }

  private TaskLife life(TaskId id) {
    return Objects.requireNonNull(lives.get(id), "a task of the workload");
  }

  private long nanos(Instant time) {
    return workload.nanos(time);
  }

  private record Begun(ReplayWorker worker, AttemptKey key) {}

  /** Hears whether a task was let in. */
  private final class Door implements SubmitReply {
    private final TaskLife life;

    private Door(TaskLife life) {
      this.life = life;
    }

    @Override
    public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
      // It waits from its arrival on.
    }

    @Override
    public void existing(int item, TaskId first) {
      throw new IllegalStateException("task recorded twice: " + first);
    }

    @Override
    public void denied(int item, Denial reason) {
      over(life, End.REFUSED);
    }
  }

  /** A cancel's caller, who has his answer. */
  private enum Nobody implements SettledReply {
    INSTANCE;

    @Override
    public void settled() {
      // Its end is told by the task's change.
    }

    @Override
    public void denied(Denial reason) {
      throw new IllegalStateException("cancel denied: " + reason.message());
    }
  }
}
