package dev.weft.registry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.ProbeFinding;
import dev.weft.proto.internal.heartbeat.v1.ProbeLayer;
import dev.weft.proto.internal.heartbeat.v1.ProbeReport;
import dev.weft.proto.internal.heartbeat.v1.ProbeResult;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.testing.TestFollower;
import dev.weft.registry.testing.TestMesh;
import dev.weft.registry.testing.TestWorker;
import dev.weft.registry.testing.WireProfiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on one real PostgreSQL, over mTLS. */
class TwoRegistriesIT {

  private static final String ID = FleetFixture.id(1).text();
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestMesh mesh = new TestMesh();
  private final ScratchDatabase scratch = ThrowAwayPostgres.shared().newDatabase();
  private final DatabaseAccess database = scratch.service("registry");
  private @TempDir Path directory;
  private ServiceProcess first;
  private ServiceProcess second;

  @BeforeEach
  void start() throws IOException {
    first = RegistryProcess.start("registry-1", directory, mesh, database);
    first.awaitActive();
    second = RegistryProcess.start("registry-2", directory, mesh, database);
    second.awaitReady();
  }

  @AfterEach
  void stop() {
    if (first != null) {
      first.close();
    }
    if (second != null) {
      second.close();
    }
    scratch.close();
    mesh.close();
  }

  @Test
  void aKilledRegistryIsReplacedAndItsWorkersComeBackWithTheirPast() throws SQLException {
    TestWorker worker = connect(first, 1);
    worker.beat(2, 5).ack();
    TestFollower before = follow(first, 0);
    await().atMost(SOON).until(() -> before.fleet().containsKey(ID));
    long seen = before.fleet().get(ID).getRevision();
    await().atMost(SOON).untilAsserted(() -> assertThat(storedSuccesses()).isEqualTo(5));

    long killed = System.nanoTime();
    first.kill();
    second.awaitActive();
    Duration took = Duration.ofNanos(System.nanoTime() - killed);

    assertThat(took).isLessThan(Duration.ofSeconds(5));
    TestFollower after = follow(second, 0);
    await().atMost(SOON).until(() -> after.fleet().containsKey(ID));
    Worker restored = after.fleet().get(ID);
    assertThat(restored.getState()).isEqualTo(WorkerState.WORKER_STATE_OFFLINE);
    assertThat(restored.getProfile()).isEqualTo(WireProfiles.gpu("gpu-1"));
    assertThat(restored.getStatistics().getSucceeded()).isEqualTo(5);
    assertThat(restored.getRevision()).isGreaterThan(seen);
    assertThat(follow(second, seen).problem().reason()).isEqualTo("CURSOR_TOO_OLD");

    TestWorker back = connect(second, 1);
    back.beat(0, 6).ack();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(after.fleet().get(ID).getState())
                  .isEqualTo(WorkerState.WORKER_STATE_READY);
              assertThat(after.fleet().get(ID).getStatistics().getSucceeded()).isEqualTo(6);
            });
  }

  @Test
  void whoWasOutForItsSandboxIsSoForTheNextRegistryFromItsFirstBeatOn() {
    connect(first, 1).beat(brokenSandbox()).ack();
    TestFollower before = follow(first, 0);
    await().atMost(SOON).until(() -> state(before) == WorkerState.WORKER_STATE_UNHEALTHY);

    first.kill();
    second.awaitActive();
    connect(second, 1).beat(brokenSandbox()).ack();

    TestFollower after = follow(second, 0);
    await().atMost(SOON).until(() -> after.fleet().containsKey(ID));
    assertThat(after.fleet().get(ID).getState()).isEqualTo(WorkerState.WORKER_STATE_UNHEALTHY);
    assertThat(after.fleet().get(ID).getStateReason()).isEqualTo("sandbox: it broke");
  }

  @Test
  void aStandbyNamesTheHolder() {
    MeshProblem problem = hello(second, 1).problem();

    assertThat(problem.reason()).isEqualTo("NOT_HOLDER");
    assertThat(problem.metadata()).containsEntry("address", first.address());
  }

  @Test
  void anOldRegistryThatWakesUpWritesNothingAndSendsItsWorkersAway() throws SQLException {
    TestWorker worker = connect(first, 1);
    worker.beat(0, 1).ack();
    await().atMost(SOON).untilAsserted(() -> assertThat(storedSuccesses()).isEqualTo(1));
    first.signal("STOP");
    second.awaitActive();
    connect(second, 2).beat(0, 10).ack();
    await().atMost(SOON).untilAsserted(() -> assertThat(storedSuccesses()).isEqualTo(11));

    // The beat waits in the socket: the first thing that the old registry hears is news to write.
    worker.beat(0, 1000);
    first.signal("CONT");

    assertThat(worker.problem().reason()).isEqualTo("NOT_HOLDER");
    await().atMost(SOON).until(() -> !first.isActive());
    assertThat(storedSuccesses()).isEqualTo(11);
    assertThat(epoch()).isEqualTo(2);
  }

  @Test
  void anOrderlyEndWritesWhatIsLeftAndHandsOverAtOnce() throws SQLException {
    TestWorker worker = connect(first, 1);
    worker.beat(0, 7).ack();

    first.signal("TERM");
    assertThat(first.awaitExit(Duration.ofSeconds(15))).isTrue();

    assertThat(worker.isOpen()).isFalse();
    assertThat(storedSuccesses()).isEqualTo(7);
    await().atMost(Duration.ofSeconds(2)).until(second::isActive);
    assertThat(first.log()).doesNotContain("ERROR");
  }

  @Test
  void healthAndMetricsShowTheFleet() {
    AtomicLong incarnation = new AtomicLong();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              // Anew each time: on a busy machine a page may take longer than a silence may last.
              connect(first, incarnation.incrementAndGet()).beat(0, 0).ack();
              assertThat(first.page("/q/metrics"))
                  .contains("weft_registry_workers{state=\"ready\"} 1.0")
                  .contains("weft_registry_active 1.0")
                  .contains("weft_registry_worker_latency_seconds{worker=\"gpu-1\"}");
            });
    assertThat(second.page("/q/metrics"))
        .contains("weft_registry_active 0.0")
        .doesNotContain("worker=\"gpu-1\"");
    assertThat(first.page("/q/health")).contains("\"judge\"").contains("\"workers\"");
  }

  private TestWorker connect(ServiceProcess registry, long incarnation) {
    TestWorker worker = hello(registry, incarnation);
    assertThat(worker.welcome().getEpoch()).isPositive();
    return worker;
  }

  private static WorkerState state(TestFollower follower) {
    Worker worker = follower.fleet().get(ID);
    return worker == null ? WorkerState.WORKER_STATE_UNSPECIFIED : worker.getState();
  }

  /** The first beat of a stream of one whose command failed and has not failed since. */
  private static Heartbeat.Builder brokenSandbox() {
    return Heartbeat.newBuilder()
        .addProbes(
            ProbeReport.newBuilder()
                .setLayer(ProbeLayer.PROBE_LAYER_DEEP)
                .addResults(
                    ProbeResult.newBuilder()
                        .setNumber(1)
                        .addFindings(
                            ProbeFinding.newBuilder().setSubject("sandbox").setFault("it broke")))
                .addResults(
                    ProbeResult.newBuilder()
                        .setNumber(2)
                        .addFindings(ProbeFinding.newBuilder().setSubject("sandbox"))));
  }

  private TestWorker hello(ServiceProcess registry, long incarnation) {
    return new TestWorker(mesh.dial(registry.meshPort(), "worker", ID))
        .hello(ID, incarnation, WireProfiles.gpu("gpu-1"));
  }

  private TestFollower follow(ServiceProcess registry, long after) {
    return new TestFollower(mesh.dial(registry.meshPort(), "router", "router-1"), after, true);
  }

  private long storedSuccesses() throws SQLException {
    return number("SELECT coalesce(sum(succeeded), -1) FROM worker");
  }

  private long epoch() throws SQLException {
    return number("SELECT epoch FROM cell_lease");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = registry");
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
