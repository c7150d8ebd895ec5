package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.internal.heartbeat.v1.CompletedWork;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.testing.TestWorker;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bad input at the workers' door: each a clear answer, and the door stays open for others. */
class HeartbeatRefusalTest extends HeartbeatCase {

  @Test
  void aForeignWorkerIdIsDenied() {
    MeshProblem problem = worker().hello(FleetFixture.id(2).text(), 1, GPU).problem();

    assertThat(problem.code()).isEqualTo(Code.PERMISSION_DENIED);
    List<WorkerView> known = registry.keeper.read(Fleet::all);
    assertThat(known).isEmpty();
  }

  @Test
  void aRouterCannotBeat() {
    TestWorker worker = new TestWorker(registry.as("router", "router-1")).hello(ID, 1, GPU);

    assertThat(worker.problem().code()).isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void anUnsupportedVersionIsRefusedCleanly() {
    MeshProblem problem = worker().hello(hello().setProtocolVersion(2).build()).problem();

    assertThat(problem.reason()).isEqualTo("UNSUPPORTED_PROTOCOL");
    assertThat(problem.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(problem.metadata()).containsEntry("version", "2").containsEntry("supported", "1");
  }

  @Test
  void aNonsenseProfileNamesTheField() {
    WorkerProfile nonsense = GPU.toBuilder().clearExecutors().build();

    MeshProblem problem = worker().hello(ID, 1, nonsense).problem();

    assertThat(problem.reason()).isEqualTo("INVALID_FIELD");
    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.message()).isEqualTo("profile.executors: empty (expected: at least one)");
    assertThat(problem.metadata())
        .containsEntry("field", "profile.executors")
        .containsEntry("value", "empty")
        .containsEntry("expected", "at least one");
  }

  @Test
  void aNonsenseBeatNamesTheFieldAndEndsTheStream() {
    MeshProblem problem =
        welcomed(1)
            .beat(Heartbeat.newBuilder().setLoad(WorkerLoad.newBuilder().setCpu(Double.NaN)))
            .problem();

    assertThat(problem.message()).isEqualTo("load.cpu: NaN (expected: 0.0 to 1.0)");
    registry.ticker.advance(Duration.ofSeconds(1));
    assertThat(welcomed(1).beat(0, 0).ack().getNumber()).isEqualTo(1);
  }

  @Test
  void anImpossibleTotalNamesTheField() {
    MeshProblem problem =
        welcomed(1)
            .beat(
                Heartbeat.newBuilder()
                    .setCompletedTotal(CompletedWork.newBuilder().setCostMicros(-1)))
            .problem();

    assertThat(problem.metadata()).containsEntry("field", "completed_total.cost_micros");
  }

  @Test
  void anIncarnationOfNothingIsRefused() {
    assertThat(worker().hello(ID, 0, GPU).problem().metadata())
        .containsEntry("field", "incarnation");
  }

  @Test
  void aBeatBeforeHelloIsRefused() {
    assertThat(worker().beat(0, 0).problem().reason()).isEqualTo("HELLO_MISSING");
  }

  @Test
  void aNameIsRefusedWhileItsBearerIsConnectedAndFreeAfterwards() {
    TestWorker bearer = welcomed(1);
    String other = FleetFixture.id(2).text();

    TestWorker refused = new TestWorker(registry.as("worker", other)).hello(other, 1, GPU);
    assertThat(refused.problem().reason()).isEqualTo("WORKER_NAME_TAKEN");
    assertThat(refused.problem().code()).isEqualTo(Code.ALREADY_EXISTS);
    bearer.complete();
    assertThat(bearer.ended()).isEmpty();

    assertThat(new TestWorker(registry.as("worker", other)).hello(other, 1, GPU).welcome())
        .isNotNull();
  }

  @Test
  void aSecondHelloCannotChangeTheIncarnation() {
    assertThat(welcomed(1).hello(hello().setIncarnation(2).build()).problem().metadata())
        .containsEntry("field", "incarnation");
  }

  @Test
  void whoSaysNothingIsSentAway() {
    TestWorker silent = worker();

    await()
        .untilAsserted(
            () -> {
              registry.ticker.advance(Duration.ofSeconds(6));
              registry.heartbeats.endUnintroduced();
              assertThat(silent.isOpen()).isFalse();
            });

    assertThat(silent.problem().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void aWorkerThatBeatsTooFastHasToWaitAndNothingOfWhatItSaysIsLost() {
    TestWorker worker = welcomed(1);
    registry.holdTime();
    for (int i = 1; i <= 50; i++) {
      worker.beat(i % 8, i);
    }

    await().until(() -> !registry.delayed.isEmpty());
    assertThat(registry.heartbeats.beats()).isEqualTo(1);
    await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              registry.passTime();
              assertThat(registry.heartbeats.beats()).isEqualTo(50);
            });

    registry.keeper.tellLoads();
    assertThat(view().live().statistics().succeeded()).isEqualTo(50);
  }
}
