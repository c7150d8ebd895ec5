package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc.FleetServiceBlockingStub;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.workers.v1.ActivityStatus;
import dev.weft.proto.workers.v1.HealthGrade;
import dev.weft.proto.workers.v1.HealthLayer;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerHealth;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.registry.app.Seating;
import dev.weft.registry.domain.fleet.Beat;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.Hello;
import dev.weft.registry.domain.health.ProbeResult;
import dev.weft.registry.domain.health.ProbedLayer;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.report.WorkerLoad;
import dev.weft.registry.testing.TestFollower;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetGrpcServiceTest {

  private final RegistryInThisJvm registry = new RegistryInThisJvm();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aWorkerIsShownWithEverythingThatIsKnown() {
    Seating seat = admit(1);
    registry.keeper.beat(seat, FleetFixture.beat(FleetFixture.load(3, 0.25)));
    registry.keeper.beat(seat, FleetFixture.completed(4));
    registry.keeper.tellLoads();

    Worker worker = fetch(FleetFixture.id(1).text());

    assertThat(worker.getId()).isEqualTo(FleetFixture.id(1).text());
    assertThat(worker.getProfile()).isEqualTo(ProfileWriter.write(Profiles.gpu("gpu-1")));
    assertThat(worker.getState()).isEqualTo(WorkerState.WORKER_STATE_READY);
    assertThat(worker.getStateReason()).isEmpty();
    assertThat(worker.getLoad().getStatus()).isEqualTo(ActivityStatus.ACTIVITY_STATUS_EXECUTING);
    assertThat(worker.getLoad().getSlotsUsed()).isEqualTo(3);
    assertThat(worker.getLoad().getCpu()).isEqualTo(0.25);
    assertThat(worker.getStatistics().getSucceeded()).isEqualTo(4);
    assertThat(worker.getStatistics().getSuccessRate()).isEqualTo(1);
    assertThat(worker.getStatistics().getMeanDuration().getSeconds()).isEqualTo(1);
    assertThat(worker.getStatistics().getMeanCostMicros()).isEqualTo(1);
    assertThat(worker.getRegisterTime().getSeconds())
        .isEqualTo(FleetFixture.START.getEpochSecond());
    assertThat(worker.getLastHeartbeatTime()).isEqualTo(worker.getRegisterTime());
    assertThat(worker.getRevision()).isEqualTo(registry.keeper.read(Fleet::revision));
  }

  @Test
  void itsHealthIsTheWorstOfItsLayersWithItsAge() {
    Seating seat = admit(1);
    registry.keeper.beat(seat, FleetFixture.beat(FleetFixture.load(3, 0.25)));
    registry.ticker.advance(Duration.ofMillis(700));

    WorkerHealth well = health("gpu-1");

    assertThat(well.getStatus()).isEqualTo("healthy");
    assertThat(well.getInstanceId()).isEqualTo(FleetFixture.id(1).text());
    assertThat(well.getMetrics().getCpuPercent()).isEqualTo(25);
    assertThat(well.getMetrics().getActiveConnections()).isEqualTo(3);
    assertThat(well.getServicesMap()).containsValue("ready");
    assertThat(well.getAge()).isEqualTo(ProtoValues.toProto(Duration.ofMillis(700)));
    assertThat(well.getLayersList())
        .extracting(HealthLayer::getName)
        .containsExactly("echo", "report");

    registry.keeper.beat(seat, FleetFixture.beat(fullDisk()));
    WorkerHealth once = health("gpu-1");
    assertThat(once.getGrade()).isEqualTo(HealthGrade.HEALTH_GRADE_DEGRADED);
    assertThat(once.getReason()).isEqualTo("the disk is full");
    assertThat(fetch("gpu-1").getState()).isEqualTo(WorkerState.WORKER_STATE_READY);

    registry.keeper.beat(seat, FleetFixture.beat(fullDisk()));
    registry.keeper.beat(seat, FleetFixture.beat(fullDisk()));
    WorkerHealth out = health("gpu-1");
    assertThat(out.getStatus()).isEqualTo("unhealthy");
    assertThat(out.getGrade()).isEqualTo(HealthGrade.HEALTH_GRADE_OUT);
    assertThat(out.getServicesMap()).containsValue("unavailable");

    registry.keeper.beat(seat, FleetFixture.beat(FleetFixture.load(3, 0.25)));
    assertThat(health("gpu-1").getLayers(1).getRecoveries()).isEqualTo(1);
    registry.keeper.beat(seat, FleetFixture.beat(FleetFixture.load(3, 0.25)));
    assertThat(health("gpu-1").getGrade()).isEqualTo(HealthGrade.HEALTH_GRADE_ELIGIBLE);
  }

  @Test
  void itsHealthShowsWhatItFoundWhenItAskedItself() {
    Seating seat = admit(1);
    registry.keeper.beat(seat, asked(1, "no answer"));
    registry.ticker.advance(Duration.ofMillis(300));
    registry.keeper.beat(seat, asked(2, ""));
    registry.ticker.advance(Duration.ofMillis(400));

    WorkerHealth health = health("gpu-1");

    assertThat(health.getServicesMap())
        .containsEntry("artifact", "connected")
        .containsEntry("gateway", "unreachable");
    HealthLayer layer = health.getLayers(2);
    assertThat(layer.getName()).isEqualTo("application");
    assertThat(layer.getGrade()).isEqualTo(HealthGrade.HEALTH_GRADE_DEGRADED);
    assertThat(layer.getAge()).isEqualTo(ProtoValues.toProto(Duration.ofMillis(400)));
    assertThat(layer.getLastError()).isEqualTo("gateway: away");
    assertThat(layer.getLastErrorAge()).isEqualTo(layer.getAge());
    assertThat(layer.getReason()).contains("held to be the service's fault");
    assertThat(fetch("gpu-1").getState()).isEqualTo(WorkerState.WORKER_STATE_READY);
  }

  @Test
  void anOfflineWorkersHealthHasNoLayers() {
    admit(1);

    WorkerHealth health = health("gpu-1");

    assertThat(health.getGrade()).isEqualTo(HealthGrade.HEALTH_GRADE_OUT);
    assertThat(health.getReason()).isEqualTo(fetch("gpu-1").getStateReason());
    assertThat(health.getLayersList()).isEmpty();
  }

  @Test
  void anOfflineWorkerSaysWhy() {
    admit(1);

    Worker worker = fetch("gpu-1");

    assertThat(worker.getState()).isEqualTo(WorkerState.WORKER_STATE_OFFLINE);
    assertThat(worker.getStateReason()).isNotEmpty();
  }

  @Test
  void pagesGoByNameAndEnd() {
    List.of(4, 2, 5, 1, 3).forEach(this::admit);
    List<String> names = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      FetchWorkersResponse page =
          fleet()
              .fetchWorkers(
                  FetchWorkersRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getWorkersList().forEach(worker -> names.add(worker.getProfile().getName()));
      token = page.getNextPageToken();
      pages++;
    } while (!token.isEmpty());

    assertThat(names).containsExactly("gpu-1", "gpu-2", "gpu-3", "gpu-4", "gpu-5");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aFullLastPageHasNoToken() {
    List.of(1, 2).forEach(this::admit);

    FetchWorkersResponse page =
        fleet().fetchWorkers(FetchWorkersRequest.newBuilder().setPageSize(2).build());

    assertThat(page.getNextPageToken()).isEmpty();
  }

  @Test
  void badPagesAreRefusedByName() {
    assertThat(problemOf(FetchWorkersRequest.newBuilder().setPageSize(1001)).metadata())
        .containsEntry("field", "page_size")
        .containsEntry("value", "1001");
    assertThat(problemOf(FetchWorkersRequest.newBuilder().setPageSize(-1)).reason())
        .isEqualTo("INVALID_FIELD");
    assertThat(problemOf(FetchWorkersRequest.newBuilder().setPageToken("%%%")).reason())
        .isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(problemOf(FetchWorkersRequest.newBuilder().setPageToken("Z3B1")).reason())
        .isEqualTo("INVALID_PAGE_TOKEN");
  }

  @Test
  void anUnknownWorkerIsNotFoundAndAMalformedIdIsToldApart() {
    assertThat(problemOf(FleetFixture.id(9).text()).reason()).isEqualTo("WORKER_NOT_FOUND");
    assertThat(problemOf("nobody").code()).isEqualTo(Code.NOT_FOUND);
    assertThat(problemOf("").code()).isEqualTo(Code.NOT_FOUND);
    assertThat(problemOf("wkr_short").reason()).isEqualTo("INVALID_FIELD");
  }

  @Test
  void aWorkerMayNotLookAtTheFleet() {
    Throwable failure =
        catchThrowable(
            () ->
                FleetServiceGrpc.newBlockingStub(registry.as("worker", FleetFixture.id(1).text()))
                    .fetchWorkers(FetchWorkersRequest.getDefaultInstance()));

    assertThat(StatusMapper.fromStatus(failure).code()).isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void followingShowsTheFleetThenTheMarkerThenChanges() {
    admit(1);
    TestFollower follower = follow(0, true);

    assertThat(follower.next().getWorker().getProfile().getName()).isEqualTo("gpu-1");
    FollowWorkersResponse marker = follower.next();
    assertThat(marker.getSnapshotEnd().getEpoch()).isEqualTo(1);
    assertThat(marker.getSnapshotEnd().getRevision())
        .isEqualTo(registry.keeper.read(Fleet::revision));
    admit(2);

    Worker second = follower.next().getWorker();
    assertThat(second.getProfile().getName()).isEqualTo("gpu-2");
    assertThat(second.getRevision()).isGreaterThan(marker.getSnapshotEnd().getRevision());
  }

  @Test
  void followingGoesOnWhereItWas() {
    admit(1);
    long seen = registry.keeper.read(Fleet::revision);
    admit(2);

    TestFollower follower = follow(seen, true);

    assertThat(follower.next().getWorker().getProfile().getName()).isEqualTo("gpu-2");
    assertThat(follower.next().hasSnapshotEnd()).isTrue();
  }

  @Test
  void aRevisionOfAnotherEpochHasToStartAnew() {
    long seen = registry.keeper.read(Fleet::revision);
    registry.keeper.begin(2, List.of());

    MeshProblem problem = follow(seen, true).problem();

    assertThat(problem.code()).isEqualTo(Code.OUT_OF_RANGE);
    assertThat(problem.reason()).isEqualTo("CURSOR_TOO_OLD");
    assertThat(problem.metadata()).containsEntry("epoch", "2");
  }

  @Test
  void anIdleStreamShowsThatItLives() {
    TestFollower follower = follow(0, true);
    assertThat(follower.next().hasSnapshotEnd()).isTrue();

    registry.ticker.advance(Duration.ofSeconds(5));
    registry.watchers.tick();

    assertThat(follower.next().getHeartbeat().getRevision())
        .isEqualTo(registry.keeper.read(Fleet::revision));
  }

  @Test
  void whoDoesNotReadIsCutAndHoldsNobodyUp() {
    List<Seating> seats = new ArrayList<>();
    for (int worker = 1; worker <= 600; worker++) {
      seats.add(admit(worker));
    }
    TestFollower deaf = follow(0, false);
    TestFollower other = follow(0, true);
    AtomicInteger round = new AtomicInteger();

    // More than the connection's windows hold, so that the rest has to wait for the reader.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              int slots = round.incrementAndGet() % 8;
              seats.forEach(
                  seat ->
                      registry.keeper.beat(seat, FleetFixture.beat(FleetFixture.load(slots, 0.1))));
              registry.keeper.tellLoads();
              registry.ticker.advance(Duration.ofMillis(500));
              registry.watchers.tick();
              assertThat(registry.watchers.count()).isEqualTo(1);
            });

    assertThat(deaf.received()).isEqualTo(1);
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void whoLeavesIsForgotten() {
    TestFollower follower = follow(0, true);
    assertThat(follower.next().hasSnapshotEnd()).isTrue();

    follower.cancel();

    await().untilAsserted(() -> assertThat(registry.watchers.count()).isZero());
  }

  @Test
  void aStandbyNamesTheHolderToEverybody() {
    TestFollower follower = follow(0, true);
    assertThat(follower.next().hasSnapshotEnd()).isTrue();
    registry.holding.lost("10.0.0.2:7121");
    registry.keeper.end();

    assertThat(follower.problem().metadata()).containsEntry("address", "10.0.0.2:7121");
    assertThat(problemOf("gpu-1").reason()).isEqualTo("NOT_HOLDER");
    assertThat(follow(0, true).problem().reason()).isEqualTo("NOT_HOLDER");
  }

  private Seating admit(int worker) {
    Hello hello = FleetFixture.hello(worker, 1);
    return registry.keeper.admit(hello, why -> {});
  }

  private TestFollower follow(long after, boolean reads) {
    return new TestFollower(registry.as("router", "router-1"), after, reads);
  }

  private FleetServiceBlockingStub fleet() {
    return FleetServiceGrpc.newBlockingStub(registry.as("gateway", "gateway-1"));
  }

  /** A probe of layer 3 that did not get to the gateway. */
  private static Beat asked(long number, String artifactFault) {
    return new Beat(
        FleetFixture.load(0, 0.25),
        null,
        false,
        null,
        List.of(
            new ProbeResult(
                ProbedLayer.APPLICATION,
                number,
                Duration.ZERO,
                List.of(
                    new ProbeResult.Finding("artifact", true, artifactFault),
                    new ProbeResult.Finding("gateway", true, "away")))));
  }

  private static WorkerLoad fullDisk() {
    WorkerLoad load = FleetFixture.load(3, 0.25);
    return new WorkerLoad(
        load.status(),
        load.slotsTotal(),
        load.slotsUsed(),
        new WorkerLoad.Usage(0.25, 0.5, 0.99),
        load.runningTaskIds());
  }

  private WorkerHealth health(String idOrName) {
    return fleet()
        .fetchWorkerHealth(FetchWorkerHealthRequest.newBuilder().setWorkerId(idOrName).build())
        .getHealth();
  }

  private Worker fetch(String idOrName) {
    return fleet()
        .fetchWorker(FetchWorkerRequest.newBuilder().setWorkerId(idOrName).build())
        .getWorker();
  }

  private MeshProblem problemOf(String idOrName) {
    return StatusMapper.fromStatus(catchThrowable(() -> fetch(idOrName)));
  }

  private MeshProblem problemOf(FetchWorkersRequest.Builder request) {
    return StatusMapper.fromStatus(catchThrowable(() -> fleet().fetchWorkers(request.build())));
  }
}
