package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.proto.placement.v1.AddedWorkers;
import dev.weft.proto.placement.v1.ClassWeights;
import dev.weft.proto.placement.v1.ReplayNote;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.router.app.FakeRecords;
import dev.weft.router.app.PlacementReplays;
import dev.weft.router.app.RecordReader;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.replay.RecordedRun;
import dev.weft.router.domain.replay.RecordedTask;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays through gRPC, on the fleet of a whole router and on records in memory. */
class ReplayGrpcServiceTest {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Instant START = NOW.minusSeconds(600);

  private final RouterFixture router = new RouterFixture().holding();
  private final FakeRecords records = new FakeRecords();
  private final PlacementReplays replays =
      new PlacementReplays(
          router.placer,
          records,
          router.policies,
          new PlacementReplays.Rules(PlacementPolicy.STANDARD, OrderPolicy.STANDARD),
          Ticker.system());
  private final InProcessMesh mesh =
      InProcessMesh.of(
          List.of(new ReplayGrpcService(replays, InstantSource.fixed(NOW), 7)), List.of());

  @BeforeEach
  void join() {
    router.worker(1).greeted();
    router.worker(2).greeted();
  }

  @AfterEach
  void stop() {
    mesh.close();
    replays.close();
    router.close();
  }

  /** Twelve of 20 s at once, which one worker of four slots did in three rounds. */
  private void recorded() {
    for (int i = 0; i < 12; i++) {
      Instant leased = START.plusSeconds(20L * (i / 4));
      records.tasks.add(
          new RecordedTask(
              new TaskId((START.toEpochMilli() << 16) | 0x7000, i + 1),
              START,
              new Submission.Terms(
                  dev.weft.router.domain.task.PriorityClass.P4,
                  Workers.ANY_SHELL,
                  RetryTerms.DEFAULT,
                  0,
                  0),
              TaskState.SUCCEEDED,
              leased.plusSeconds(20),
              List.of(
                  new RecordedRun(
                      Workers.id(1), AttemptState.SUCCEEDED, leased, leased.plusSeconds(20), ""))));
    }
  }

  @Test
  void oneWorkerMoreOrLessMakesTheDifferenceThatItMustMake() {
    recorded();

    ReplayPlacementResponse one = run(ask().setWorkerCount(1));

    assertThat(one.getTaskCount()).isEqualTo(12);
    assertThat(one.getRecorded().getWaitP99()).isEqualTo(Durations.fromSeconds(40));
    assertThat(one.getRecorded().getMetCount()).isEqualTo(4);
    assertThat(one.getRecorded().getPolicy()).isEqualTo("standard-1");
    // Two workers are here now: two rounds, of which the first is in time.
    assertThat(one.getReplayed().getWorkerCount()).isEqualTo(2);
    assertThat(one.getReplayed().getWaitP99()).isEqualTo(Durations.fromSeconds(20));
    assertThat(one.getReplayed().getMetCount()).isEqualTo(8);
    assertThat(one.getError().getMetDifference()).isEqualTo(4);
    assertThat(one.getError().getComparedCount()).isEqualTo(12);
    assertThat(one.getProposed().getWaitP99()).isEqualTo(Durations.fromSeconds(40));
    assertThat(one.getProposed().getPolicy()).isEqualTo("proposal");
    assertThat(one.getNotesList())
        .extracting(ReplayNote::getReason)
        .containsExactly("OWN_TASKS_ONLY", "FLEET_AS_NOW");

    ReplayPlacementResponse three =
        run(ask().addAddedWorkers(AddedWorkers.newBuilder().setCount(1)));
    assertThat(three.getProposed().getWorkerCount()).isEqualTo(3);
    assertThat(three.getProposed().getWaitP99()).isEqualTo(Durations.ZERO);
    assertThat(three.getProposed().getMetCount()).isEqualTo(12);
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    recorded();
    invalid(ask().setAlgorithm("ROULETTE"), "algorithm: ROULETTE (expected: COMPOSITE, ");
    invalid(ask().setAlgorithm("AFFINITY"), "algorithm: AFFINITY (expected: COMPOSITE, ");
    invalid(ask().setWorkerCount(0), "worker_count: 0 (expected: 1..1000)");
    invalid(ask().setWorkerCount(1_001), "worker_count: 1001 (expected: 1..1000)");
    invalid(
        ask().addWeights(weights(0.5, 0.5, 0.5)),
        "weights: 0.5 + 0.5 + 0.5 + 0.0 = 1.5 (expected: a sum of 1)");
    invalid(ask().addWeights(weights(-1, 1, 1)), "weights.capability: -1.0 (expected: ");
    invalid(
        ask()
            .addWeights(weights(1, 0, 0))
            .addWeights(
                weights(1, 0, 0).toBuilder().setPriorityClass(PriorityClass.PRIORITY_CLASS_P3)),
        "weights[P3]: twice (expected: once for each class)");
    invalid(
        ask().addAddedWorkers(AddedWorkers.newBuilder().setCount(1).setLike("nobody")),
        "added_workers[0].like: nobody (expected: the id or name of a worker of that time)");
    invalid(
        ask().addAddedWorkers(AddedWorkers.newBuilder().setCount(0)),
        "added_workers[0].count: 0 (expected: 1..1000)");
    invalid(
        ask()
            .addAddedWorkers(
                AddedWorkers.newBuilder().setCount(1).putAllCapabilities(Map.of("A", 1.5))),
        "added_workers[0].capabilities[A]: 1.5 (expected: 0..1)");
    invalid(
        ask().setUntil(time(NOW.plusSeconds(60))),
        "until: " + NOW.plusSeconds(60) + " (expected: not later than now, which is " + NOW);
    invalid(ask().setSince(time(NOW)), "(expected: earlier than until, which is " + NOW);
    invalid(
        ask().setSince(time(NOW.minus(25, ChronoUnit.HOURS))),
        "since..until: PT25H (expected: at most 24 hours)");
    invalid(ask().setSince(Timestamp.newBuilder().setSeconds(1)), "since: 1970-01-01T00:00:01Z");
    invalid(ask().setUntil(Timestamp.newBuilder().setNanos(-1)), "until: 0.-1 (expected: ");
  }

  @Test
  void aRangeWithoutRecordsIsNotAnEmptyReport() {
    refused(ask(), "REPLAY_NO_RECORDS", "since..until: ");
  }

  @Test
  void withoutAnyWorkerThereIsNothingToReplayOn() {
    recorded();
    RouterFixture alone = new RouterFixture().holding();
    try (PlacementReplays noFleet =
            new PlacementReplays(
                alone.placer,
                records,
                alone.policies,
                new PlacementReplays.Rules(PlacementPolicy.STANDARD, OrderPolicy.STANDARD),
                Ticker.system());
        InProcessMesh own =
            InProcessMesh.of(
                List.of(new ReplayGrpcService(noFleet, InstantSource.fixed(NOW), 7)), List.of())) {
      assertThatThrownBy(
              () ->
                  ReplayServiceGrpc.newBlockingStub(own.channel())
                      .runReplay(request("acme", ask().build())))
          .satisfies(
              failure ->
                  assertThat(StatusMapper.fromStatus(failure).reason())
                      .isEqualTo("REPLAY_NO_WORKERS"));
    } finally {
      alone.close();
    }
  }

  @Test
  void aSecondReplayOfATenantIsRefusedWhileOneIsUnderWayAndAnothersWaits() throws Exception {
    recorded();
    CountDownLatch gate = records.hold();
    ListenableFuture<RunReplayResponse> first = future("acme");
    await().until(() -> records.reading.get() == 1);

    refused(ask(), "REPLAY_BUSY", "replays of acme: 1 under way (expected: none)");
    ListenableFuture<RunReplayResponse> others = future("beta");
    gate.countDown();

    assertThat(first.get().getReport().getTaskCount()).isEqualTo(12);
    assertThat(others.get().getReport().getTaskCount()).isEqualTo(12);
    assertThat(run(ask()).getTaskCount()).isEqualTo(12);
  }

  @Test
  void aCallThatIsCancelledEndsItsReplayAndTheNextOneRuns() {
    recorded();
    CountDownLatch gate = records.hold();
    ListenableFuture<RunReplayResponse> first = future("acme");
    await().until(() -> records.reading.get() == 1);

    first.cancel(true);

    await().until(() -> records.stopped.get() == 1);
    gate.countDown();
    await().ignoreExceptions().until(() -> run(ask()).getTaskCount() == 12);
  }

  @Test
  void aFleetsCostSaysHowManyWorkersHaveNoPrice() {
    recorded();
    for (int number = 1; number <= 3; number++) {
      Site site = new Site("us", 50, number == 1 ? 1_000_000 : 0, number == 1 ? "USD" : "");
      records.fleet.add(
          FleetEvent.there(
              START.minusSeconds(1),
              FleetWorker.recorded(Workers.view(number, Map.of(), site), Workers.capacity(4))));
    }

    ReplayPlacementResponse report = run(ask());

    assertThat(report.getReplayed().getFleetCostsCount()).isEqualTo(1);
    assertThat(report.getReplayed().getUnpricedWorkerCount()).isEqualTo(2);
  }

  @Test
  void aRowThatThisBuildCantReadIsNoMistakeOfTheCaller() {
    records.fails(
        new RecordReader.Unreadable(
            "worker 1", new IllegalArgumentException("worker version: 2 (expected: 1)")));
    refused(ask(), "INTERNAL", "");

    records.fails(new IllegalArgumentException("presence: 4 (expected: 1..3)"));
    refused(ask(), "INTERNAL", "");
  }

  @Test
  void anAddedWorkerThatIsLikeNobodyIsAMistakeOfTheCaller() {
    recorded();
    invalid(
        ask().addAddedWorkers(AddedWorkers.newBuilder().setCount(1).setLike("nobody")),
        "added_workers[0].like: nobody (expected: the id or name of a worker of that time)");
  }

  @Test
  void aReplicaThatDoesNotHoldTheCellSaysSo() {
    recorded();
    router.standsBy();

    refused(ask(), "NOT_HOLDER", "");
  }

  private void invalid(ReplayPlacementRequest.Builder question, String words) {
    refused(question, "INVALID_FIELD", words);
  }

  private void refused(ReplayPlacementRequest.Builder question, String reason, String words) {
    assertThatThrownBy(() -> run(question))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getDescription()).contains(words);
              assertThat(StatusMapper.fromStatus(failure).reason()).isEqualTo(reason);
            });
  }

  private static ClassWeights weights(double capability, double load, double latency) {
    return ClassWeights.newBuilder()
        .setCapability(capability)
        .setLoad(load)
        .setLatency(latency)
        .build();
  }

  private static Timestamp time(Instant instant) {
    return TaskProtoMapper.timestamp(instant);
  }

  private static ReplayPlacementRequest.Builder ask() {
    return ReplayPlacementRequest.newBuilder();
  }

  private static RunReplayRequest request(String tenant, ReplayPlacementRequest question) {
    return RunReplayRequest.newBuilder().setTenant(tenant).setQuestion(question).build();
  }

  private ListenableFuture<RunReplayResponse> future(String tenant) {
    return ReplayServiceGrpc.newFutureStub(mesh.channel())
        .runReplay(request(tenant, ask().build()));
  }

  private ReplayPlacementResponse run(ReplayPlacementRequest.Builder question) {
    return ReplayServiceGrpc.newBlockingStub(mesh.channel())
        .withDeadlineAfter(Duration.ofSeconds(30))
        .runReplay(request("acme", question.build()))
        .getReport();
  }
}
