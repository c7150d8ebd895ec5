package dev.weft.router.domain.replay;

import static dev.weft.router.domain.replay.ReplayRig.START;
import static dev.weft.router.domain.replay.ReplayRig.at;
import static dev.weft.router.domain.replay.ReplayRig.failed;
import static dev.weft.router.domain.replay.ReplayRig.ran;
import static dev.weft.router.domain.replay.ReplayRig.replay;
import static dev.weft.router.domain.replay.ReplayRig.standard;
import static dev.weft.router.domain.replay.ReplayRig.terms;
import static dev.weft.router.domain.replay.ReplayRig.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.Outcome.End;
import dev.weft.router.domain.replay.Outcome.Run;
import dev.weft.router.domain.replay.Scenario.PolicyStep;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Replays against outcomes that were computed by hand. */
class ReplayTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ReplayRig rig = new ReplayRig();

  /** Three tasks of 20 s, a second apart, one after the other on one worker of one slot. */
  private Past threeInARow() {
    rig.succeeded(PriorityClass.P4, 0, 1, 0, 20);
    rig.succeeded(PriorityClass.P4, 1, 1, 20, 40);
    rig.succeeded(PriorityClass.P4, 2, 1, 40, 60);
    Price price = new Price(1_000_000, "USD");
    return new Past(
        rig.workload(MINUTE),
        standard(worker(1, 1)),
        new PriceHistory(List.of(new PriceHistory.Change(Workers.id(1), START, price))),
        false);
  }

  private static ReplayReport report(Past past, Proposal proposal) {
    return ReplayReport.of(past, proposal, () -> false).orElseThrow();
  }

  private static Proposal workers(int count) {
    return new Proposal(Map.of(), Optional.empty(), OptionalInt.of(count), List.of());
  }

  @Test
  void aSecondWorkerHalvesTheQueueAsComputedByHand() {
    ReplayReport report = report(threeInARow(), workers(2));

    // Recorded: waits 0, 19, 38 s; latencies 20, 39, 58 s; the deadline of P4 is 30 s.
    ReplayFigures recorded = report.recorded();
    assertThat(recorded.deadlines()).isEqualTo(new ReplayFigures.Deadlines(3, 1));
    assertThat(recorded.waiting().p50()).isEqualTo(Duration.ofSeconds(19));
    assertThat(recorded.waiting().p99()).isEqualTo(Duration.ofSeconds(38));
    assertThat(recorded.latency().p50()).isEqualTo(Duration.ofSeconds(39));
    assertThat(recorded.latency().p99()).isEqualTo(Duration.ofSeconds(58));
    // Two workers: the first two start at once and end at 20 and 21 s, the third runs 20..40.
    ReplayFigures proposed = report.proposed();
    assertThat(proposed.deadlines()).isEqualTo(new ReplayFigures.Deadlines(3, 2));
    assertThat(proposed.waiting().p50()).isZero();
    assertThat(proposed.waiting().p99()).isEqualTo(Duration.ofSeconds(18));
    assertThat(proposed.latency().p50()).isEqualTo(Duration.ofSeconds(20));
    assertThat(proposed.latency().p99()).isEqualTo(Duration.ofSeconds(38));
    assertThat(proposed.workers()).isEqualTo(2);
  }

  @Test
  void theCostIsThatOfTheAttemptsAndBesideItThatOfTheFleet() {
    ReplayReport report = report(threeInARow(), workers(2));

    // 60 s at 1 USD an hour, whoever does it; a minute of one worker, and of two.
    assertThat(micros(report.recorded().costs().attempts())).isEqualTo(16_667);
    assertThat(micros(report.replayed().costs().attempts())).isEqualTo(16_667);
    assertThat(micros(report.proposed().costs().attempts())).isEqualTo(16_667);
    assertThat(micros(report.replayed().costs().fleet())).isEqualTo(16_667);
    assertThat(micros(report.proposed().costs().fleet())).isEqualTo(33_333);
  }

  private static long micros(Spending spending) {
    assertThat(spending.unpriced()).isZero();
    return spending.charges().get("USD").micros();
  }

  @Test
  void underThePolicyAndFleetOfThatTimeTheErrorIsNothingWhereNothingElseWasThere() {
    ReplayReport report = report(threeInARow(), Proposal.NOTHING);

    assertThat(report.replayed()).isEqualTo(report.recorded());
    assertThat(report.error()).isEqualTo(new ReplayError(3, 3, Duration.ZERO, Duration.ZERO));
    assertThat(report.proposed().waiting()).isEqualTo(report.recorded().waiting());
    assertThat(report.notes())
        .extracting(ReplayReport.Note::reason)
        .containsExactly(ReplayReport.Reason.OWN_TASKS_ONLY);
  }

  @Test
  void whatOthersHeldUpIsTheErrorThatIsTold() {
    // It waited 10 s for somebody else's work, of which the replay knows nothing.
    rig.succeeded(PriorityClass.P4, 0, 1, 10, 15);
    Past past =
        new Past(rig.workload(MINUTE), standard(worker(1, 1)), new PriceHistory(List.of()), true);

    ReplayReport report = report(past, Proposal.NOTHING);

    assertThat(report.error())
        .isEqualTo(new ReplayError(1, 1, Duration.ofSeconds(10), Duration.ofSeconds(10)));
    assertThat(report.notes())
        .extracting(ReplayReport.Note::reason)
        .containsExactly(ReplayReport.Reason.OWN_TASKS_ONLY, ReplayReport.Reason.FLEET_AS_NOW);
    assertThat(report.recorded().costs().attempts().unpriced()).isEqualTo(1);
  }

  @Test
  void aTaskTakesItsTimeTimesHowMuchSlowerItsWorkerIs() {
    for (int i = 0; i < 3; i++) {
      rig.succeeded(PriorityClass.P4, i * 60, 1, i * 60, i * 60 + 10);
      rig.succeeded(PriorityClass.P4, i * 60 + 1, 2, i * 60 + 1, i * 60 + 41);
    }
    Workload workload = rig.workload(Duration.ofMinutes(5));

    // The geometric mean of 10 and 40 is 20: one worker takes half of it, the other twice.
    RunTimes times = RunTimes.of(workload).orElseThrow();
    assertThat(times.slowness(Workers.id(1), "shell")).isBetween(0.499, 0.501);
    assertThat(times.slowness(Workers.id(2), "shell")).isBetween(1.999, 2.001);
    List<Outcome> onSlow = replay(workload, standard(worker(2, 4)));
    assertThat(onSlow)
        .allSatisfy(
            outcome ->
                assertThat(ReplayRig.latency(outcome))
                    .isBetween(Duration.ofMillis(39_990), Duration.ofMillis(40_010)));
  }

  @Test
  void aFailedAttemptFailsAgainAndIsTriedAgainAfterItsBackOff() {
    RetryTerms retry = new RetryTerms(2, true, false, 2_000, 2_000);
    rig.add(
        new Submission.Terms(PriorityClass.P4, Workers.ANY_SHELL, retry, 0, 0),
        0,
        TaskState.SUCCEEDED,
        9,
        failed(1, 0, 1),
        ran(1, 4, 9));

    Outcome outcome = replay(rig.workload(MINUTE), standard(worker(1, 1))).getFirst();

    assertThat(outcome.end()).isEqualTo(End.SUCCEEDED);
    List<Run> runs = outcome.runs();
    assertThat(runs).hasSize(2);
    assertThat(runs.getFirst().endedAt() - runs.getFirst().startedAt()).isEqualTo(1_000_000_000);
    // Two seconds, at most half as much again, and a tick.
    assertThat(Duration.ofNanos(runs.getLast().startedAt() - runs.getFirst().endedAt()))
        .isBetween(Duration.ofSeconds(2), Duration.ofMillis(3_200));
    assertThat(runs.getLast().endedAt() - runs.getLast().startedAt()).isEqualTo(5_000_000_000L);
  }

  @Test
  void aWorkerThatLeftTakesItsWorkAlongAndOneThatCameTakesIt() {
    rig.succeeded(PriorityClass.P4, 0, 2, 12, 22);
    FleetHistory fleet =
        new FleetHistory(
            List.of(
                FleetEvent.there(START, worker(1, 1)),
                FleetEvent.gone(at(5), Workers.id(1)),
                FleetEvent.there(at(6), worker(2, 1))));
    Scenario scenario = ReplayRig.scenario(fleet, AlgorithmTable.STANDARD);

    Outcome outcome = replay(rig.workload(MINUTE), scenario).getFirst();

    assertThat(outcome.runs().stream().map(Run::worker).map(WorkerId::uuid))
        .containsExactly(Workers.id(1).uuid(), Workers.id(2).uuid());
    assertThat(outcome.runs().getFirst().endedAt()).isEqualTo(5_000_000_000L);
    // The reconnect grace is 2 s; then it takes 10 s once more.
    assertThat(ReplayRig.latency(outcome))
        .isBetween(Duration.ofSeconds(17), Duration.ofMillis(17_300));
  }

  @Test
  void aDrainingWorkerEndsWhatItHasAndTakesNothingMore() {
    rig.succeeded(PriorityClass.P4, 0, 1, 0, 10);
    rig.succeeded(PriorityClass.P4, 2, 1, 10, 20);
    FleetHistory fleet =
        new FleetHistory(
            List.of(
                FleetEvent.there(START, worker(1, 2)),
                new FleetEvent(at(1), Workers.id(1), FleetEvent.Presence.DRAINING, worker(1, 2)),
                FleetEvent.there(at(30), worker(2, 2))));

    List<Outcome> outcomes =
        replay(rig.workload(MINUTE), ReplayRig.scenario(fleet, AlgorithmTable.STANDARD));

    assertThat(ReplayRig.latency(outcomes.getFirst())).isEqualTo(Duration.ofSeconds(10));
    assertThat(ReplayRig.waited(outcomes.getLast())).isEqualTo(Duration.ofSeconds(28));
  }

  @Test
  void aPolicyThatChangedInBetweenHoldsFromThenOn() {
    for (int i = 0; i < 8; i++) {
      rig.succeeded(PriorityClass.P4, i * 10, 1, i * 10, i * 10 + 1);
    }
    PlacementPolicy turns =
        new PlacementPolicy(
            1, Map.of(), AlgorithmTable.EMPTY.with("rules", List.of("shell=ROUND_ROBIN")));
    Scenario standard = standard(worker(1, 4), worker(2, 4));
    Scenario changed =
        new Scenario(
            "placement-1",
            List.of(standard.policies().getFirst(), new PolicyStep(at(35), turns)),
            standard.fleet(),
            standard.order());

    List<WorkerId> workers =
        replay(rig.workload(Duration.ofMinutes(2)), changed).stream()
            .map(outcome -> outcome.runs().getLast().worker())
            .toList();

    // The composite score of two equal, empty workers is that of the lower id; turns alternate.
    assertThat(workers.subList(0, 4)).containsOnly(Workers.id(1));
    assertThat(workers.subList(4, 8)).containsOnly(Workers.id(1), Workers.id(2));
    assertThat(workers.subList(4, 8)).filteredOn(Workers.id(2)::equals).hasSize(2);
  }

  @Test
  void whatWasCancelledIsCancelledThenAndIsNotJudged() {
    rig.succeeded(PriorityClass.P4, 0, 1, 0, 2);
    rig.add(
        terms(PriorityClass.P4),
        1,
        TaskState.CANCELLED,
        8,
        new RecordedRun(Workers.id(1), AttemptState.CANCELLED, at(2), at(8), ""));
    Past past =
        new Past(rig.workload(MINUTE), standard(worker(1, 1)), new PriceHistory(List.of()), false);

    // Its like takes 2 s, so with the time it had (6 s) unknown it is over before, unless it waits.
    ReplayReport report = report(past, Proposal.NOTHING);

    assertThat(report.recorded().count(End.CANCELLED)).isEqualTo(1);
    assertThat(report.recorded().deadlines().judged()).isEqualTo(1);
    assertThat(report.replayed().deadlines().judged()).isEqualTo(1);
    assertThat(report.notes())
        .extracting(ReplayReport.Note::reason)
        .contains(ReplayReport.Reason.DURATIONS_ESTIMATED);
  }

  @Test
  void whatStillWaitsTakesTheMedianOfItsLikeAndIsMissedWhenLate() {
    rig.succeeded(PriorityClass.P4, 0, 1, 0, 4);
    rig.add(terms(PriorityClass.P4), 1, TaskState.QUEUED, 0);
    Past past =
        new Past(rig.workload(MINUTE), standard(worker(1, 1)), new PriceHistory(List.of()), false);

    ReplayReport report = report(past, Proposal.NOTHING);

    assertThat(report.recorded().count(End.OPEN)).isEqualTo(1);
    assertThat(report.recorded().deadlines()).isEqualTo(new ReplayFigures.Deadlines(2, 1));
    assertThat(report.replayed().count(End.SUCCEEDED)).isEqualTo(2);
    assertThat(report.replayed().deadlines()).isEqualTo(new ReplayFigures.Deadlines(2, 2));
    assertThat(report.replayed().latency().p99()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void withoutAnyWorkerWhatWaitsExpires() {
    rig.succeeded(PriorityClass.P2, 0, 1, 0, 4);

    Outcome outcome =
        replay(
                rig.workload(MINUTE),
                ReplayRig.scenario(new FleetHistory(List.of()), AlgorithmTable.STANDARD))
            .getFirst();

    assertThat(outcome.end()).isEqualTo(End.EXPIRED);
    assertThat(ReplayRig.latency(outcome))
        .isBetween(Duration.ofHours(1), Duration.ofHours(1).plusSeconds(12));
  }

  @Test
  void nothingIsKnownOfARangeInWhichNothingSucceeded() {
    rig.add(terms(PriorityClass.P4), 1, TaskState.QUEUED, 0);

    assertThat(RunTimes.of(rig.workload(MINUTE))).isEmpty();
  }

  @Test
  void anAddedWorkerHasTheSkillsThatAreAskedForAndTheRestOfWhomItIsLike() {
    Proposal proposal =
        new Proposal(
            Map.of(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(new Proposal.Added(2, Map.of("CODING", 900), "worker-1")));

    Scenario proposed = proposal.in(standard(worker(1, 3)), rig.workload(MINUTE));

    List<FleetWorker> workers = proposed.fleet().workers();
    assertThat(workers).hasSize(3);
    assertThat(workers.stream().map(FleetWorker::id).distinct()).hasSize(3);
    assertThat(workers)
        .allSatisfy(
            one -> {
              assertThat(one.like()).isEqualTo(Workers.id(1));
              assertThat(one.capacity().slots("shell")).isEqualTo(3);
            });
    assertThat(
            workers.stream()
                .filter(one -> one.view().skills().capabilities().containsKey("CODING")))
        .hasSize(2);
  }

  @Test
  void whatIsLikeNobodyIsNamed() {
    Proposal proposal =
        new Proposal(
            Map.of(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(new Proposal.Added(1, Map.of(), "nobody")));

    assertThatThrownBy(() -> proposal.in(standard(worker(1, 3)), rig.workload(MINUTE)))
        .hasMessage(
            "added_workers[0].like: nobody (expected: the id or name of a worker of that time)");
  }

  @Test
  void aReplayThatNobodyWaitsForStops() {
    rig.succeeded(PriorityClass.P4, 0, 1, 0, 4);
    Workload workload = rig.workload(MINUTE);
    RunTimes times = RunTimes.of(workload).orElseThrow();

    assertThatThrownBy(() -> Replay.run(workload, times, standard(worker(1, 1)), () -> true))
        .isInstanceOf(ReplayStopped.class);
  }
}
