package dev.weft.scaler.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.ShapeDemand;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.scaler.app.DemandBoard;
import dev.weft.scaler.app.Drains.Progress;
import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import dev.weft.scaler.testing.FakePlacer;
import dev.weft.scaler.testing.FakeRegistry;
import dev.weft.scaler.testing.TestMesh;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scaler's ways to registry and placer, over a real mesh port. */
class FollowersTest {

  private final TestMesh mesh = new TestMesh();
  private final FakeRegistry registry = new FakeRegistry();
  private final FakePlacer placer = new FakePlacer();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final int registryPort =
      mesh.serve("registry", MeshService.of(registry, "scaler")).port();
  private final int routerPort =
      mesh.serve(
              "router",
              MeshService.of(placer, "scaler"),
              MeshService.of(placer.demands(), "scaler"))
          .port();

  @AfterEach
  void close() throws Exception {
    timer.shutdownNow();
    mesh.close();
  }

  @Test
  void workersAreSeenByNameAsTheyChange() {
    registry.show("gpu-01", WorkerState.WORKER_STATE_READY);
    FleetFollower fleet = follower();
    await().until(() -> fleet.look().current());
    assertThat(standing(fleet, "gpu-01")).isEqualTo(Standing.READY);

    registry.show("gpu-01", WorkerState.WORKER_STATE_DRAINING);
    registry.show("gpu-02", WorkerState.WORKER_STATE_UNHEALTHY);

    await().until(() -> fleet.look().find("gpu-02").isPresent());
    assertThat(standing(fleet, "gpu-01")).isEqualTo(Standing.DRAINING);
    assertThat(fleet.look().find("gpu-01").orElseThrow().id()).isEqualTo(FakeRegistry.id("gpu-01"));
    fleet.close();
  }

  @Test
  void ofTwoWorkersOfANameTheConnectedOneCounts() {
    registry.show("wkr-new", "gpu-01", WorkerState.WORKER_STATE_READY);
    registry.show("wkr-old", "gpu-01", WorkerState.WORKER_STATE_OFFLINE);
    FleetFollower fleet = follower();

    await().until(() -> fleet.look().current());

    assertThat(fleet.look().find("gpu-01").orElseThrow().id()).isEqualTo("wkr-new");
    fleet.close();
  }

  @Test
  void afterAnEndOfTheStreamWhatIsNoLongerThereIsForgotten() {
    registry.show("gpu-01", WorkerState.WORKER_STATE_READY);
    registry.show("gpu-02", WorkerState.WORKER_STATE_READY);
    FleetFollower fleet = follower();
    await().until(() -> fleet.look().current());

    registry.restartWithout("gpu-01");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> fleet.look().current() && fleet.look().find("gpu-01").isEmpty());
    assertThat(fleet.look().find("gpu-02")).isPresent();
    fleet.close();
  }

  @Test
  void withoutARegistryNothingIsCurrent() {
    FleetFollower fleet =
        new FleetFollower(mesh.holder(1, "registry", "scaler"), timer, Ticker.system());
    fleet.start();

    assertThat(fleet.look().current()).isFalse();
    fleet.close();
  }

  @Test
  void demandReachesTheBoard() {
    placer.demand =
        WatchDemandResponse.newBuilder()
            .setEpoch(3)
            .addShapes(
                ShapeDemand.newBuilder()
                    .setPriorityClass(PriorityClass.PRIORITY_CLASS_P2)
                    .setQueued(5)
                    .setRunning(2)
                    .setOldest(com.google.protobuf.Duration.newBuilder().setSeconds(7)))
            .build();
    DemandBoard board = new DemandBoard();
    DemandFollower follower =
        new DemandFollower(
            mesh.holder(routerPort, "router", "scaler"), board, timer, Ticker.system());
    follower.start();

    await().until(() -> board.newest().epoch() == 3);

    assertThat(board.newest().byClass().get("P2").queued()).isEqualTo(5);
    assertThat(board.newest().byClass().get("P2").oldest()).isEqualTo(Duration.ofSeconds(7));
    follower.close();
  }

  @Test
  void aDrainIsAskedForUntilItIsOver() throws Exception {
    PlacerDrains drains =
        new PlacerDrains(mesh.holder(routerPort, "router", "scaler"), Duration.ofSeconds(5));
    assertThat(ask(drains, "wkr-1")).isEqualTo(Progress.DRAINING);
    assertThat(placer.asked).containsEntry("wkr-1", Duration.ofSeconds(9));

    placer.drained.add("wkr-1");
    placer.unknown.add("wkr-2");

    assertThat(ask(drains, "wkr-1")).isEqualTo(Progress.DRAINED);
    assertThat(ask(drains, "wkr-2")).isEqualTo(Progress.UNKNOWN);
    drains.close();
  }

  private static Progress ask(PlacerDrains drains, String worker) throws Exception {
    return drains
        .drain(worker, Duration.ofSeconds(9))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private FleetFollower follower() {
    FleetFollower fleet =
        new FleetFollower(mesh.holder(registryPort, "registry", "scaler"), timer, Ticker.system());
    fleet.start();
    return fleet;
  }

  private static Standing standing(FleetFollower fleet, String worker) {
    return fleet.look().find(worker).orElseThrow().standing();
  }
}
