package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.Scenario.PolicyStep;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of a tenant's tasks, written by hand. */
final class ReplayRig {

  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  final List<RecordedTask> tasks = new ArrayList<>();
  private int ids;

  static Instant at(double seconds) {
    return START.plusNanos(Math.round(seconds * 1e9));
  }

  TaskId newId(Instant created) {
    return new TaskId((created.toEpochMilli() << 16) | 0x7000 | (++ids & 0xfff), ids);
  }

  static Submission.Terms terms(PriorityClass priority) {
    return new Submission.Terms(priority, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 0);
  }

  /** One that succeeded at its first attempt; times in seconds after the start. */
  RecordedTask succeeded(
      PriorityClass priority, double created, int worker, double leased, double ended) {
    return add(terms(priority), created, TaskState.SUCCEEDED, ended, ran(worker, leased, ended));
  }

  RecordedTask add(
      Submission.Terms terms, double created, TaskState state, double ended, RecordedRun... runs) {
    RecordedTask task =
        new RecordedTask(
            newId(at(created)),
            at(created),
            terms,
            state,
            state.terminal() ? at(ended) : null,
            List.of(runs));
    tasks.add(task);
    return task;
  }

  static RecordedRun ran(int worker, double leased, double ended) {
    return new RecordedRun(Workers.id(worker), AttemptState.SUCCEEDED, at(leased), at(ended), "");
  }

  static RecordedRun failed(int worker, double leased, double ended) {
    return new RecordedRun(
        Workers.id(worker), AttemptState.FAILED, at(leased), at(ended), "EXIT_NONZERO");
  }

  /** Of the range from the start on. */
  Workload workload(Duration length) {
    Instant until = START.plus(length);
    return new Workload("acme", START, until, until, tasks);
  }

  static FleetWorker worker(int number, int slots) {
    return FleetWorker.recorded(Workers.view(number), Workers.capacity(slots));
  }

  /** These workers from start to end, under the standard policy. */
  static Scenario standard(FleetWorker... workers) {
    return scenario(FleetHistory.constant(START, List.of(workers)), AlgorithmTable.STANDARD);
  }

  static Scenario scenario(FleetHistory fleet, AlgorithmTable table) {
    return new Scenario(
        "standard-1",
        List.of(new PolicyStep(START, PlacementPolicy.configured(table))),
        fleet,
        OrderPolicy.STANDARD);
  }

  static AlgorithmTable shellBy(Algorithm algorithm) {
    return algorithm == Algorithm.AFFINITY
        ? AlgorithmTable.STANDARD
        : AlgorithmTable.STANDARD.with("rules", List.of("shell=" + algorithm));
  }

  static List<Outcome> replay(Workload workload, Scenario scenario) {
    return Replay.run(workload, RunTimes.of(workload).orElseThrow(), scenario, () -> false);
  }

  static Duration waited(Outcome outcome) {
    return Duration.ofNanos(outcome.waitedNanos());
  }

  static Duration latency(Outcome outcome) {
    return Duration.ofNanos(outcome.latencyNanos());
  }
}
