package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.CompletedWork;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.testing.TestWorker;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatGrpcServiceTest {

  private static final String ID = FleetFixture.id(1).text();
  private static final WorkerProfile GPU = ProfileWriter.write(Profiles.gpu("gpu-1"));

  private final RegistryInThisJvm registry = new RegistryInThisJvm();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void helloIsWelcomedWithVersionIntervalAndEpoch() {
    HeartbeatWelcome welcome = worker().hello(ID, 1, GPU).welcome();

    assertThat(welcome.getProtocolVersion()).isEqualTo(1);
    assertThat(welcome.getFeaturesList()).isEmpty();
    assertThat(welcome.getBeatInterval().getSeconds()).isEqualTo(1);
    assertThat(welcome.getEpoch()).isEqualTo(1);
  }

  @Test
  void everyBeatIsAckedWithItsNumber() {
    TestWorker worker = welcomed(1);

    worker.beat(0, 0);
    HeartbeatAck first = worker.ack();
    registry.ticker.advance(Duration.ofSeconds(1));
    worker.beat(1, 1);

    assertThat(first.getNumber()).isEqualTo(1);
    assertThat(first.getServerTime().getSeconds()).isEqualTo(FleetFixture.START.getEpochSecond());
    assertThat(worker.ack().getNumber()).isEqualTo(2);
    assertThat(view().state()).isEqualTo(new Ready());
  }

  @Test
  void theEchoMeasuresTheLatency() {
    TestWorker worker = welcomed(1);
    worker.beat(0, 0);
    HeartbeatAck ack = worker.ack();

    registry.ticker.advance(Duration.ofMillis(1_020));
    worker.echo(ack.getServerTime(), Duration.ofSeconds(1)).ack();
    registry.keeper.tellLoads();

    assertThat(view().live().latency()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void drainingComesFromTheBeat() {
    TestWorker worker = welcomed(1);

    worker.beat(Heartbeat.newBuilder().setDraining(true)).ack();

    assertThat(view().state()).isEqualTo(new Drained());
  }

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
  void aStepOfALaterVersionIsPassedOver() {
    TestWorker worker = welcomed(1).send(BeatRequest.getDefaultInstance());

    assertThat(worker.beat(0, 0).ack().getNumber()).isEqualTo(1);
  }

  @Test
  void ofTwoIncarnationsTheNewerWins() {
    TestWorker old = welcomed(1);
    TestWorker newer = welcomed(2);

    assertThat(old.problem().reason()).isEqualTo("SUPERSEDED");
    assertThat(newer.beat(0, 0).ack().getNumber()).isEqualTo(1);
    assertThat(worker().hello(ID, 1, GPU).problem().reason()).isEqualTo("SUPERSEDED");
    assertThat(newer.isOpen()).isTrue();
  }

  @Test
  void aSecondStreamOfTheSameIncarnationReplacesTheFirst() {
    TestWorker first = welcomed(1);
    TestWorker second = welcomed(1);

    assertThat(first.problem().reason()).isEqualTo("SUPERSEDED");
    assertThat(second.beat(0, 0).ack().getNumber()).isEqualTo(1);
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
  void aHelloWithoutProfileIsAskedForIt() {
    TestWorker worker = worker().hello(hello().clearProfile().build());
    assertThat(worker.welcome().getEpoch()).isEqualTo(1);
    assertThat(worker.next().getDirective().hasSendProfile()).isTrue();
    worker.beat(0, 0);

    worker.hello(hello().build());
    registry.ticker.advance(Duration.ofSeconds(1));
    worker.beat(0, 0);

    assertThat(worker.ack().getNumber()).isEqualTo(2);
    assertThat(view().state()).isEqualTo(new Ready());
  }

  @Test
  void aSecondHelloReplacesTheProfile() {
    TestWorker worker = welcomed(1);

    worker.hello(hello().setProfile(GPU.toBuilder().setVersion("9")).build()).beat(0, 0).ack();

    assertThat(view().profile().identity().version()).isEqualTo("9");
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
  void beatsThatComeTooFastAreNotTaken() {
    TestWorker worker = welcomed(1);
    for (int i = 0; i < 1000; i++) {
      worker.beat(0, 0);
    }

    await().untilAsserted(() -> assertThat(registry.heartbeats.tooFast()).isEqualTo(999));
    assertThat(registry.heartbeats.beats()).isEqualTo(1);
  }

  @Test
  void aWorkerThatVanishesGoesOfflineAfterTheGrace() {
    TestWorker worker = welcomed(1);
    worker.beat(0, 0).ack();
    worker.vanish();

    await()
        .untilAsserted(
            () -> {
              registry.ticker.advance(Duration.ofMillis(250));
              registry.keeper.judge();
              assertThat(view().state()).isEqualTo(new Offline("the worker's stream ended"));
            });
  }

  @Test
  void aSilentStreamIsEnded() {
    TestWorker worker = welcomed(1);
    worker.beat(0, 0).ack();

    for (int i = 0; i < 64; i++) {
      registry.ticker.advance(Duration.ofMillis(250));
      registry.keeper.judge();
    }

    assertThat(worker.problem().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void aStandbyNamesTheHolder() {
    registry.holding.lost("10.0.0.2:7121");
    registry.keeper.end();

    MeshProblem problem = worker().hello(ID, 1, GPU).problem();

    assertThat(problem.reason()).isEqualTo("NOT_HOLDER");
    assertThat(problem.metadata()).containsEntry("address", "10.0.0.2:7121");
  }

  @Test
  void theEndOfTheTermSendsEveryWorkerToTheHolder() {
    TestWorker worker = welcomed(1);
    registry.holding.lost("10.0.0.2:7121");

    registry.keeper.end();

    assertThat(worker.problem().metadata()).containsEntry("address", "10.0.0.2:7121");
  }

  @Test
  void aHolderThatIsStillLoadingAsksForPatience() {
    registry.keeper.end();

    MeshProblem problem = worker().hello(ID, 1, GPU).problem();

    assertThat(problem.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(problem.retryAfter()).isPresent();
  }

  private TestWorker worker() {
    return new TestWorker(registry.as("worker", ID));
  }

  private TestWorker welcomed(long incarnation) {
    TestWorker worker = worker().hello(ID, incarnation, GPU);
    BeatResponse answer = worker.next();
    assertThat(answer.hasWelcome()).isTrue();
    return worker;
  }

  private static HeartbeatHello.Builder hello() {
    return HeartbeatHello.newBuilder()
        .setProtocolVersion(1)
        .setWorkerId(ID)
        .setIncarnation(1)
        .setProfile(GPU);
  }

  private WorkerView view() {
    return registry.keeper.read(fleet -> fleet.find(FleetFixture.id(1))).orElseThrow();
  }
}
