package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.e2e.mesh.AgentDoor;
import dev.weft.e2e.mesh.AgentSocket;
import dev.weft.e2e.mesh.AgentSocket.Frame;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.workers.v1.Worker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An agent and its clients outlive every process that they need. */
@ExtendWith(SharedMesh.class)
class AgentFaultIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** 200 lines in some 4 s, so that a fault falls into it. */
  private static final String LINES = "for i in $(seq 1 200); do echo line $i; sleep 0.02; done";

  private final LocalMesh mesh;
  private final AgentDoor door;

  AgentFaultIT(LocalMesh mesh) {
    this.mesh = mesh;
    this.door = new AgentDoor(mesh);
  }

  @Test
  void aKilledWorkersCommandIsInterruptedOnceAndTheSessionGoesOnElsewhereFromTheLastSnapshot() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    try (AgentSocket session = door.attach(0, id, "");
        AgentSocket other = door.attach(1, id, "")) {
      session.command("keep", "echo 1 > kept");
      session.awaitEnd("keep");
      door.steer(id, "hibernate");
      String stored = door.await(id, "HIBERNATED").path("snapshot").path("artifactId").asText();
      session.command("long", "echo 2 > lost; echo begun; sleep 600");
      session.await("begun", _ -> session.output("long", "stdout").equals("begun\n"));
      String before = session.cursor();

      mesh.process(nameOf(door.get(id).path("workerId").asText())).kill();

      Frame interrupted = session.await("interrupted", AgentFaultIT::interrupts);
      assertThat(interrupted.json().path("commandIds").toString()).isEqualTo("[\"long\"]");
      assertThat(interrupted.json().path("snapshot").path("artifactId").asText()).isEqualTo(stored);
      session.command("look", "ls");
      session.awaitEnd("look");
      assertThat(session.output("look", "stdout")).isEqualTo("kept\n");
      assertThat(door.get(id).path("body").asInt()).isEqualTo(3);
      assertThat(session.isOpen() && other.isOpen()).isTrue();
      other.awaitEnd("look");
      try (AgentSocket late = door.attach(1, id, before)) {
        late.awaitEnd("look");
        for (AgentSocket each : List.of(session, other, late)) {
          assertThat(each.frames()).filteredOn(AgentFaultIT::interrupts).hasSize(1);
        }
      }
    }
    door.steer(id, "terminate");
  }

  /** SIGTERM with 10 s is what a Spot notice with 120 s is; a drain by hand is the same. */
  @Test
  void whoseWorkerStopsMovesWithItsFilesAndEveryClientIsToldUntilWhenWhatRunsMayEnd(
      @TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess one =
            new ExtraWorker(mesh, directory, "moving-01").with("WEFT_DRAIN_GRACE", "10s").start()) {
      String id = door.running(on("moving-01"));
      try (AgentSocket session = door.attach(0, id, "");
          AgentSocket viewer = door.attach(1, id, "")) {
        session.command("write", "seq 1 100 > kept");
        session.awaitEnd("write");
        session.command("long", "echo late >> kept; echo begun; sleep 600");
        session.await("begun", _ -> session.output("long", "stdout").equals("begun\n"));
        try (ExtraProcess two =
            new ExtraWorker(mesh, directory, "moving-02").like("moving-01").start()) {
          awaitReady(client, "moving-02");

          assertThat(one.stop()).isIn(0, 143);

          door.await(id, "moved", agent -> agent.path("body").asInt() == 2 && runs(agent));
          assertThat(nameOf(door.get(id).path("workerId").asText())).isEqualTo("moving-02");
          viewer.awaitEnd("long");
          for (AgentSocket each : List.of(session, viewer)) {
            each.await("told until when", frame -> moves(frame, 1));
            assertThat(each.awaitEnd("long").json().path("problem").path("reason").asText())
                .isEqualTo("COMMAND_INTERRUPTED");
            assertThat(each.frames()).noneMatch(AgentFaultIT::interrupts);
            assertThat(each.isOpen()).isTrue();
          }
          session.command("read", "tail -1 kept");
          session.awaitEnd("read");
          assertThat(session.output("read", "stdout")).isEqualTo("late\n");
          String digest = lastStored(session);
          session.command("short", "echo begun; sleep 2; echo done");
          session.await("begun", _ -> session.output("short", "stdout").equals("begun\n"));

          mesh.weft("drain", "moving-02", "--grace", "30s").expectSuccess();

          session.await("told again", frame -> moves(frame, 2));
          assertThat(session.awaitEnd("short").json().path("exitCode").asInt()).isZero();
          session.await("the next waits", frame -> frame.json().path("body").asInt() == 3);
          assertThat(lastStored(session)).isEqualTo(digest);
          door.steer(id, "terminate");
          session.awaitState("TERMINATED");
          assertThat(two.stop()).isIn(0, 143);
        }
      }
    }
  }

  private static boolean moves(Frame frame, int body) {
    return frame.type().equals("status")
        && frame.json().path("body").asInt() == body
        && !frame.json().path("movesAt").asText("").isEmpty();
  }

  /** The digest of the workspace's manifest: of its names, and of what is in each file. */
  private static String lastStored(AgentSocket session) {
    return session.frames().reversed().stream()
        .filter(frame -> frame.type().equals("snapshot"))
        .map(frame -> frame.json().path("manifestDigest").asText())
        .findFirst()
        .orElseThrow(() -> new AssertionError("snapshot: none"));
  }

  @Test
  void aClientOfAKilledHomeSeesEachFrameOnceThroughTheOtherGateway() {
    mesh.process("gateway-0").kill();
    String id = door.running(AgentDoor.JSON.createObjectNode()); // Its home can only be the other.
    mesh.up();
    AgentSocket direct = door.attach(1, id, "");
    direct.command("lines", LINES);
    direct.await("some lines", _ -> direct.output("lines", "stdout").contains("line 30\n"));
    try (AgentSocket relayed = door.attach(0, id, "")) {
      relayed.await("some lines", _ -> relayed.output("lines", "stdout").contains("line 30\n"));

      mesh.process("gateway-1").kill();

      try (AgentSocket after = door.attach(0, id, direct.cursor())) {
        after.awaitEnd("lines");
        assertThat(direct.output("lines", "stdout") + after.output("lines", "stdout"))
            .isEqualTo(lines());
        assertThat(cursors(direct, after)).doesNotHaveDuplicates();
      }
      relayed.awaitEnd("lines");
      assertThat(relayed.output("lines", "stdout")).isEqualTo(lines());
      assertThat(relayed.frames()).noneMatch(frame -> frame.type().equals("gap"));
      assertThat(relayed.isOpen()).isTrue();
    }
    door.steer(id, "terminate");
  }

  @Test
  void whoComesLateReadsTwentyMebibytesFromTheFirstFrameThoughTheHomeWasKilledInTheMiddle() {
    mesh.process("gateway-0").kill();
    String id = door.running(AgentDoor.JSON.createObjectNode()); // Its home can only be the other.
    mesh.up();
    try (AgentSocket reader = door.attach(0, id, "0.0")) {
      reader.command("much", "seq 1 1300000; sleep 1; seq 1300001 2600000");
      reader.await("some of it", _ -> reader.numbered().size() > 100);

      mesh.process("gateway-1").kill();

      reader.awaitEnd("much");
      assertThat(sha256(reader.output("much", "stdout"))).isEqualTo(sha256(much()));
      assertThat(reader.frames()).noneMatch(frame -> frame.type().equals("gap"));
    }
    mesh.up();
    for (int gateway = 0; gateway < 2; gateway++) {
      try (AgentSocket late = door.attach(gateway, id, "0.0")) {
        late.awaitEnd("much");
        assertThat(sha256(late.output("much", "stdout"))).isEqualTo(sha256(much()));
        assertThat(late.frames()).noneMatch(frame -> frame.type().equals("gap"));
        assertThat(cursors(late)).doesNotHaveDuplicates();
      }
    }
    door.steer(id, "terminate");
  }

  private static String much() {
    StringBuilder all = new StringBuilder(24 << 20);
    for (int i = 1; i <= 2_600_000; i++) {
      all.append(i).append('\n');
    }
    return all.toString();
  }

  /** Nobody wants to see the difference of two such texts. */
  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPlacerThatDiesMeanwhileIsNotNoticedByARunningCommand() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    try (AgentSocket session = door.attach(0, id, "")) {
      session.command("lines", LINES);
      session.await("some lines", _ -> session.output("lines", "stdout").contains("line 30\n"));

      mesh.process(Placers.of(mesh).holder()).kill();

      assertThat(session.awaitEnd("lines").json().path("exitCode").asInt()).isZero();
      assertThat(session.output("lines", "stdout")).isEqualTo(lines());
      session.command("after", "echo after");
      session.awaitEnd("after");
      assertThat(session.output("after", "stdout")).isEqualTo("after\n");
      assertThat(session.frames()).noneMatch(AgentFaultIT::interrupts);
      assertThat(door.get(id).path("body").asInt()).isEqualTo(1);
    }
    door.steer(id, "terminate");
  }

  private static ObjectNode on(String worker) {
    ObjectNode spec = AgentDoor.JSON.createObjectNode();
    spec.putObject("requirements")
        .putArray("capabilities")
        .addObject()
        .put("name", ExtraProcess.capability(worker));
    return spec;
  }

  private static boolean runs(JsonNode agent) {
    return agent.path("state").asText().equals("AGENT_STATE_RUNNING");
  }

  private static boolean interrupts(Frame frame) {
    return frame.type().equals("interrupted");
  }

  private static Stream<String> cursors(AgentSocket... sockets) {
    return Stream.of(sockets).flatMap(socket -> socket.numbered().stream()).map(Frame::cursor);
  }

  private static String lines() {
    return IntStream.rangeClosed(1, 200)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  private String nameOf(String workerId) {
    try (MeshClient client = mesh.client()) {
      return client.workers().stream()
          .filter(worker -> worker.getId().equals(workerId))
          .map(Worker::getProfile)
          .findFirst()
          .orElseThrow(() -> new AssertionError("worker: " + workerId))
          .getName();
    }
  }

  private static void awaitReady(MeshClient client, String name) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .anyMatch(worker -> worker.getProfile().getName().equals(name)));
  }
}
