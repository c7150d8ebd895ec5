package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.internal.heartbeat.v1.ProbeFinding;
import dev.weft.proto.internal.heartbeat.v1.ProbeLayer;
import dev.weft.proto.internal.heartbeat.v1.ProbePlan;
import dev.weft.proto.internal.heartbeat.v1.ProbeReport;
import dev.weft.proto.internal.heartbeat.v1.ProbeResult;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import dev.weft.registry.testing.TestWorker;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatGrpcServiceTest extends HeartbeatCase {

  @Test
  void helloIsWelcomedWithVersionIntervalAndEpoch() {
    HeartbeatWelcome welcome = worker().hello(ID, 1, GPU).welcome();

    assertThat(welcome.getProtocolVersion()).isEqualTo(1);
    assertThat(welcome.getFeaturesList()).isEmpty();
    assertThat(welcome.getBeatInterval().getSeconds()).isEqualTo(1);
    assertThat(welcome.getEpoch()).isEqualTo(1);
  }

  @Test
  void whoSpeaksOfProbesIsToldWhatToAskItself() {
    HeartbeatWelcome welcome = worker().hello(hello().addFeatures("probes").build()).welcome();

    assertThat(welcome.getFeaturesList()).containsExactly("probes");
    assertThat(welcome.getProbesList())
        .containsExactly(
            plan(ProbeLayer.PROBE_LAYER_APPLICATION, 30, 10),
            plan(ProbeLayer.PROBE_LAYER_DEEP, 60, 30));
    assertThat(worker().hello(ID, 2, GPU).welcome().getProbesList()).isEmpty();
  }

  @Test
  void whatAWorkerFoundIsJudged() {
    TestWorker worker = welcomed(1);

    worker.beat(found(ProbeLayer.PROBE_LAYER_DEEP, 1, "sandbox", "it broke")).ack();

    assertThat(view().state()).isEqualTo(new Unhealthy("sandbox: it broke"));
  }

  @Test
  void aLayerOfALaterVersionIsPassedOver() {
    TestWorker worker = welcomed(1);

    worker.beat(found(ProbeLayer.UNRECOGNIZED, 1, "quantum", "it broke")).ack();

    assertThat(view().state()).isEqualTo(new Ready());
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

  private static ProbePlan plan(ProbeLayer layer, int interval, int timeout) {
    return ProbePlan.newBuilder()
        .setLayer(layer)
        .setInterval(ProtoValues.toProto(Duration.ofSeconds(interval)))
        .setTimeout(ProtoValues.toProto(Duration.ofSeconds(timeout)))
        .build();
  }

  private static Heartbeat.Builder found(
      ProbeLayer layer, long number, String subject, String fault) {
    int value = layer == ProbeLayer.UNRECOGNIZED ? 99 : layer.getNumber();
    return Heartbeat.newBuilder()
        .addProbes(
            ProbeReport.newBuilder()
                .setLayerValue(value)
                .addResults(
                    ProbeResult.newBuilder()
                        .setNumber(number)
                        .addFindings(
                            ProbeFinding.newBuilder().setSubject(subject).setFault(fault))));
  }
}
