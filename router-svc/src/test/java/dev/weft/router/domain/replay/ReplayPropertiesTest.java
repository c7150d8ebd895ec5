package dev.weft.router.domain.replay;

import static dev.weft.router.domain.replay.ReplayRig.START;
import static dev.weft.router.domain.replay.ReplayRig.at;
import static dev.weft.router.domain.replay.ReplayRig.replay;
import static dev.weft.router.domain.replay.ReplayRig.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.Outcome.Run;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every replay, whatever was recorded. */
class ReplayPropertiesTest {

  private static final int TASKS = 300;
  private static final int WORKERS = 4;

  static Stream<Long> seeds() {
    return IntStream.range(0, 33).mapToObj(Long::valueOf);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noTaskIsLostNorDoubled(long seed) {
    Workload workload = workload(new Random(seed));

    List<Outcome> outcomes = replay(workload, scenario(seed));

    assertThat(outcomes.stream().map(Outcome::task)).containsExactlyElementsOf(workload.tasks());
    assertThat(outcomes).noneMatch(outcome -> outcome.end() == Outcome.End.OPEN);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.end() == Outcome.End.SUCCEEDED)
        .allMatch(Outcome::leased);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aWorkerIsNeverAboveItsSlotsNorBeginsAnythingWhileItIsIllOrGone(long seed) {
    Scenario scenario = scenario(seed);

    List<Outcome> outcomes = replay(workload(new Random(seed)), scenario);

    Map<WorkerId, List<Run>> byWorker = new HashMap<>();
    outcomes.forEach(
        outcome ->
            outcome
                .runs()
                .forEach(
                    run -> {
                      assertThat(run.endedAt()).isGreaterThanOrEqualTo(run.startedAt());
                      byWorker.computeIfAbsent(run.worker(), _ -> new ArrayList<>()).add(run);
                    }));
    assertThat(byWorker).isNotEmpty();
    byWorker.forEach(
        (id, runs) -> {
          int slots = 1 + (int) (id.uuid().getLeastSignificantBits() % 3);
          assertThat(mostAtOnce(runs)).as("at once on " + id).isLessThanOrEqualTo(slots);
        });
    // Worker 1 is away from the 30th to the 60th second.
    assertThat(byWorker.getOrDefault(Workers.id(1), List.of()))
        .noneMatch(run -> run.startedAt() < 60e9 && run.endedAt() > 30e9);
    // Worker 3 is ill from the 20th to the 80th second, and well before and after.
    assertThat(byWorker.getOrDefault(Workers.id(3), List.of()))
        .noneMatch(run -> run.startedAt() > 20e9 && run.startedAt() < 80e9)
        .anyMatch(run -> run.startedAt() > 80e9 || run.startedAt() < 20e9);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameInputGivesTheSameOutcome(long seed) {
    Workload workload = workload(new Random(seed));

    assertThat(replay(workload, scenario(seed))).isEqualTo(replay(workload, scenario(seed)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noTaskStartsLaterWithMoreOfTheSameWorkers(long seed) {
    Random random = new Random(seed);
    ReplayRig rig = new ReplayRig();
    for (int i = 0; i < TASKS; i++) {
      double created = random.nextDouble() * 100;
      rig.succeeded(PriorityClass.P5, created, 1, created, created + 0.1 + random.nextDouble() * 3);
    }
    Workload workload = rig.workload(Duration.ofMinutes(2));
    int fewer = 1 + random.nextInt(4);

    List<Outcome> few = replay(workload, same(fewer));
    List<Outcome> more = replay(workload, same(fewer + 1));

    for (int i = 0; i < few.size(); i++) {
      assertThat(more.get(i).waitedNanos())
          .as("task " + i)
          .isLessThanOrEqualTo(few.get(i).waitedNanos());
    }
    assertThat(more.stream().mapToLong(Outcome::waitedNanos).sum())
        .isLessThan(few.stream().mapToLong(Outcome::waitedNanos).sum());
  }

  /** Twice as many as the fleet can do for half of the hour. */
  @Test
  void asManyTasksAsOneReplayMayHaveAreReplayed() {
    ReplayRig rig = new ReplayRig();
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      double created = random.nextDouble() * (i % 2 == 0 ? 1_800 : 3_600);
      double took = 1 + random.nextDouble() * 4;
      rig.succeeded(PriorityClass.of(random.nextInt(7)), created, 1, created, created + took);
    }
    Workload workload = rig.workload(Duration.ofHours(1));
    Scenario scenario =
        ReplayRig.standard(
            IntStream.rangeClosed(1, 50).mapToObj(i -> worker(i, 1)).toArray(FleetWorker[]::new));

    assertThat(replay(workload, scenario))
        .hasSize(50_000)
        .noneMatch(outcome -> outcome.end() == Outcome.End.OPEN);
  }

  private static Scenario same(int count) {
    return ReplayRig.standard(
        IntStream.rangeClosed(1, count).mapToObj(i -> worker(i, 1)).toArray(FleetWorker[]::new));
  }

  /** Each seed by another algorithm; workers that come, drain, go and come again. */
  private static Scenario scenario(long seed) {
    Algorithm[] all = Algorithm.values();
    AlgorithmTable table = ReplayRig.shellBy(all[(int) (seed % all.length)]);
    List<FleetEvent> events = new ArrayList<>();
    for (int i = 1; i <= WORKERS; i++) {
      events.add(FleetEvent.there(START, worker(i, 1 + i % 3)));
    }
    events.add(FleetEvent.gone(at(30), Workers.id(1)));
    events.add(FleetEvent.there(at(60), worker(1, 2)));
    events.add(new FleetEvent(at(40), Workers.id(2), FleetEvent.Presence.DRAINING, worker(2, 3)));
    events.add(FleetEvent.gone(at(70), Workers.id(2)));
    events.add(FleetEvent.there(at(20), ill(worker(3, 1))));
    events.add(FleetEvent.there(at(80), worker(3, 1)));
    return ReplayRig.scenario(new FleetHistory(events), table);
  }

  private static FleetWorker ill(FleetWorker well) {
    WorkerView view = well.view();
    return FleetWorker.recorded(
        new WorkerView(
            view.id(),
            view.name(),
            new Verdict(Verdict.Status.UNHEALTHY, "echo"),
            view.skills(),
            view.machine(),
            view.site()),
        well.capacity());
  }

  private static Workload workload(Random random) {
    ReplayRig rig = new ReplayRig();
    for (int i = 0; i < TASKS; i++) {
      double created = random.nextDouble() * 100;
      int worker = 1 + random.nextInt(WORKERS);
      double leased = created + random.nextDouble();
      double ended = leased + random.nextDouble() * 2;
      switch (random.nextInt(10)) {
        case 0 ->
            rig.add(
                terms(random),
                created,
                TaskState.SUCCEEDED,
                ended + 5,
                ReplayRig.failed(worker, leased, ended),
                ReplayRig.ran(worker, ended + 4, ended + 5));
        case 1 ->
            rig.add(
                terms(random),
                created,
                TaskState.FAILED,
                ended,
                ReplayRig.failed(worker, leased, ended));
        case 2 -> rig.add(terms(random), created, TaskState.CANCELLED, leased);
        case 3 -> rig.add(terms(random), created, TaskState.EXPIRED, ended);
        case 4 -> rig.add(terms(random), created, TaskState.QUEUED, 0);
        default ->
            rig.add(
                terms(random),
                created,
                TaskState.SUCCEEDED,
                ended,
                ReplayRig.ran(worker, leased, ended));
      }
    }
    return rig.workload(Duration.ofMinutes(2));
  }

  private static Submission.Terms terms(Random random) {
    PriorityClass priority = PriorityClass.of(random.nextInt(7));
    Requirements need = random.nextInt(4) == 0 ? Workers.cores(2) : Workers.ANY_SHELL;
    RetryTerms retry = new RetryTerms(random.nextInt(3), true, random.nextBoolean(), 500, 2_000);
    long delay = random.nextInt(5) == 0 ? 1 + random.nextInt(20_000) : 0;
    return new Submission.Terms(priority, need, retry, delay, 0);
  }

  private static int mostAtOnce(List<Run> runs) {
    int most = 0;
    for (Run one : runs) {
      int with = 0;
      for (Run other : runs) {
        if (other.startedAt() <= one.startedAt() && one.startedAt() < other.endedAt()) {
          with++;
        }
      }
      most = Math.max(most, with);
    }
    return most;
  }
}
