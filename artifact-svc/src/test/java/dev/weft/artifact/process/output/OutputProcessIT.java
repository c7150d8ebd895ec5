package dev.weft.artifact.process.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.artifact.process.ArtifactRig;
import dev.weft.artifact.testing.output.LogFollower;
import dev.weft.artifact.testing.output.LogPump;
import dev.weft.artifact.testing.output.TestReader;
import dev.weft.artifact.testing.output.TestWriter;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas as their users run them; the one that owns a log dies or stops in the middle. */
@WithPostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputProcessIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TENANT = "acme";
  private static final String WORKER = "wkr_1";
  private static final int SIZE = 8 << 10;

  private final ScratchDatabase scratch;
  private final Path directory;
  private ArtifactRig rig;
  private ServiceProcess first;
  private ServiceProcess second;
  private Channel workerToFirst;
  private Channel workerToSecond;
  private Channel gatewayToFirst;
  private Channel gatewayToSecond;

  OutputProcessIT(ScratchDatabase scratch, @TempDir Path directory) {
    this.scratch = scratch;
    this.directory = directory;
  }

  @BeforeAll
  void open() throws IOException {
    rig = new ArtifactRig(directory, scratch.service("artifact"));
    Map<String, String> hasty =
        Map.of("WEFT_OUTPUT_WRITER_GONE", "2s", "WEFT_OUTPUT_OWNER_GONE", "6s");
    first = rig.start("artifact-1", hasty);
    second = rig.start("artifact-2", hasty);
    workerToFirst = rig.dial(first.awaitReady(), "worker", WORKER);
    workerToSecond = rig.dial(second.awaitReady(), "worker", WORKER);
    gatewayToFirst = rig.dial(first, "gateway", "gateway-1");
    gatewayToSecond = rig.dial(second, "gateway", "gateway-2");
  }

  @BeforeEach
  void revive() {
    first.signal("CONT");
    if (!first.isRunning()) {
      first.restart();
      first.awaitReady();
    }
  }

  @AfterAll
  void close() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void theOwnerIsKilledAndAReaderSeesEveryByteOnce() throws Exception {
    grant("tsk_kill");
    LogPump pump = pump("tsk_kill", 2_000).start();
    LogFollower there = follower(gatewayToSecond, "tsk_kill");
    LogFollower here = follower(gatewayToFirst, "tsk_kill");
    await().atMost(SOON).until(() -> there.last() > 200 && here.last() > 200);

    first.kill();

    assertThat(pump.sealed()).isLessThan(2_000);
    pump.done().get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(there.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2_000);
    first.restart();
    first.awaitReady();
    assertThat(here.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2_000);
    assertThat(there.bytes()).isEqualTo(2_000L * SIZE);
    assertThat(here.bytes()).isEqualTo(2_000L * SIZE);
  }

  @Test
  void theOwnerIsStoppedAndWhenItWakesUpItSealsNothing() throws Exception {
    grant("tsk_stop");
    LogPump pump = pump("tsk_stop", 1_500).start();
    LogFollower there = follower(gatewayToSecond, "tsk_stop");
    LogFollower here = follower(gatewayToFirst, "tsk_stop");
    await().atMost(SOON).until(() -> there.last() > 200 && here.last() > 200);

    first.signal("STOP");
    assertThat(pump.sealed()).isLessThan(1_500);
    pump.done().get(SOON.toSeconds(), TimeUnit.SECONDS);
    first.signal("CONT");

    assertThat(there.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1_500);
    assertThat(here.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1_500);
  }

  @Test
  void anOrderlyEndSendsWriterAndReadersOn() throws Exception {
    grant("tsk_term");
    LogPump pump = pump("tsk_term", 1_500).start();
    LogFollower there = follower(gatewayToSecond, "tsk_term");
    await().atMost(SOON).until(() -> there.last() > 200);

    first.signal("TERM");

    assertThat(first.awaitExit(Duration.ofSeconds(15))).isTrue();
    pump.done().get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(there.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1_500);
    assertThat(first.log()).doesNotContain("ERROR");
  }

  @Test
  void aClosedLogIsOneArtifactOfItsTask() throws Exception {
    grant("tsk_whole");
    pump("tsk_whole", 300).start().done().get(SOON.toSeconds(), TimeUnit.SECONDS);

    await().atMost(SOON).until(() -> artifacts("tsk_whole").size() == 1);

    Artifact artifact = artifacts("tsk_whole").getFirst();
    assertThat(artifact.getName()).isEqualTo("output/tsk_whole/1");
    assertThat(artifact.getMediaType()).isEqualTo("application/vnd.weft.output");
    assertThat(artifact.getSizeBytes()).isGreaterThan(300L * SIZE);
    LogFollower late = follower(gatewayToSecond, "tsk_whole");
    assertThat(late.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(300);
  }

  @Test
  void aLogWithoutWriterAndOwnerIsClosedWithItsKnownGap() {
    CheckLeaseRequest lease = grant("tsk_orphan");
    TestWriter writer = new TestWriter(workerToFirst).opened("tsk_orphan", 7, 1);
    writer.write(1, 5).awaitReceived(5);
    TestReader live = TestReader.open(gatewayToFirst, TestReader.query(TENANT, "tsk_orphan"));
    live.await(5);
    await().atMost(SOON).until(() -> received("tsk_orphan") == 5);
    rig.leases.end(lease);

    first.kill();

    TestReader reader =
        await()
            .atMost(SOON)
            .until(
                () -> TestReader.open(gatewayToSecond, TestReader.query(TENANT, "tsk_orphan")),
                opened -> opened.ended().isEmpty());
    assertThat(reader.closed().getLastNumber()).isEqualTo(5);
    assertThat(reader.gaps()).hasSize(1);
    assertThat(reader.gaps().getFirst().getReason()).isEqualTo("LOG_GAP");
    assertThat(writer.isOpen()).isFalse();
  }

  @Test
  void whatEndedBeforeAnyReplicaTookItsOutputIsKept() {
    rig.leases.end(grant("tsk_late"));

    TestWriter writer = new TestWriter(workerToFirst).opened("tsk_late", 7, 1);
    writer.write(1, 5).end().closed();

    TestReader reader = TestReader.open(gatewayToSecond, TestReader.query(TENANT, "tsk_late"));
    assertThat(reader.closed().getLastNumber()).isEqualTo(5);
    assertThat(reader.gaps()).isEmpty();
  }

  @Test
  void manyReadersOfOneLogInLittleMemory() throws Exception {
    grant("tsk_many");
    LogPump pump = pump("tsk_many", 200).pace(Duration.ofMillis(20)).start();
    List<LogFollower> followers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      followers.add(follower(i % 2 == 0 ? gatewayToFirst : gatewayToSecond, "tsk_many"));
    }

    pump.done().get(SOON.toSeconds(), TimeUnit.SECONDS);

    for (LogFollower follower : followers) {
      assertThat(follower.done().get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(200);
    }
    assertThat(first.log()).doesNotContain("OutOfMemory");
  }

  /** First to the one that is to fail. */
  private LogPump pump(String task, long chunks) {
    return new LogPump(List.of(workerToFirst, workerToSecond), task, 7, chunks, SIZE)
        .pace(Duration.ofMillis(20));
  }

  private static LogFollower follower(Channel replica, String task) {
    return new LogFollower(replica, TENANT, task, true).start();
  }

  private List<Artifact> artifacts(String task) {
    return StoreServiceGrpc.newBlockingStub(gatewayToSecond)
        .findArtifacts(
            FindArtifactsRequest.newBuilder()
                .setRequester(Requester.newBuilder().setTenant(TENANT))
                .setQuery(ListArtifactsRequest.newBuilder().setTaskId(task))
                .build())
        .getArtifactsList();
  }

  /** How far the owner has said that it came. */
  private long received(String task) throws SQLException {
    try (Connection connection = scratch.service("artifact").connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT received FROM artifact.output_log WHERE task_id = ?")) {
      statement.setString(1, task);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }

  private CheckLeaseRequest grant(String task) {
    CheckLeaseRequest lease =
        CheckLeaseRequest.newBuilder()
            .setWorkerId(WORKER)
            .setLease(AttemptKey.newBuilder().setTaskId(task).setAttempt(1).setFence(7))
            .build();
    rig.leases.grant(lease, CheckLeaseResponse.newBuilder().setTenant(TENANT).build());
    return lease;
  }
}
