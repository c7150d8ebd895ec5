package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.e2e.mesh.AgentDoor;
import dev.weft.e2e.mesh.AgentSocket;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A machine that knows one address and one token. */
@ExtendWith(SharedMesh.class)
class RemoteWorkerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DOOR_GRPC = 17_285;
  private static final int DOOR_WORK = 17_286;
  private static final int DOOR_HEARTBEAT = 17_287;
  private static final int DOOR_ARTIFACT = 17_288;
  private static final int DOOR_GATEWAY = 17_289;
  private static final List<Integer> DOOR_PORTS =
      List.of(DOOR_GRPC, DOOR_WORK, DOOR_HEARTBEAT, DOOR_ARTIFACT, DOOR_GATEWAY);

  private final LocalMesh mesh;

  RemoteWorkerIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aWorkerNeedsOneAddressAndAJoinToken(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess worker = ExtraProcess.worker(mesh, directory, "late-01", 17_090)) {
      Task task =
          client.await(
              client.submit(MeshClient.shellOn("late-01", "echo", "here")).getId(), PATIENCE);

      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getResult().getStdout().toStringUtf8()).isEqualTo("here\n");
      assertThat(worker.stop()).as("ends at SIGTERM").isIn(0, 143);
    }
  }

  @Test
  void behindTheWorkerDoorAWorkerNeedsNoOtherAddressNotEvenWhenThePlacerDies(
      @TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess gateway =
            ExtraProcess.start(mesh, "gateway", "gateway-door", gatewayWithDoor());
        ExtraProcess worker = ExtraProcess.worker(mesh, directory, "behind-01", DOOR_GRPC)) {
      String id =
          client
              .submit(
                  MeshClient.shellOn("behind-01", "sh", "-c", "sleep 6; seq 1 2000; echo through"))
              .getId();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING);
      assertThat(worker.dialledPorts()).contains(DOOR_WORK).isSubsetOf(DOOR_PORTS);

      mesh.process(Placers.of(mesh).holder()).kill();

      Task task = client.await(id, PATIENCE);
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(1);
      assertThat(mesh.weft("logs", "-f", id).expectSuccess().stdout())
          .as("more than a result holds without a log")
          .startsWith("1\n2\n")
          .endsWith("2000\nthrough\n");
      assertThat(worker.dialledPorts()).isSubsetOf(DOOR_PORTS);
      assertThat(worker.stop()).isIn(0, 143);
      assertThat(gateway.stop()).isIn(0, 143);
    }
  }

  @Test
  void anAgentBehindTheWorkerDoorGoesOnWhenTheGatewayDiesThatRelaysIt(@TempDir Path directory) {
    AgentDoor agents = new AgentDoor(mesh);
    ExtraProcess relay = ExtraProcess.start(mesh, "gateway", "gateway-door", gatewayWithDoor());
    try (ExtraProcess worker = ExtraProcess.worker(mesh, directory, "behind-02", DOOR_GRPC)) {
      String id = agents.running(on("behind-02"));
      try (AgentSocket session = agents.attach(0, id, "")) {
        session.command("first", "seq 1 5000 > kept; tail -1 kept");
        session.awaitEnd("first");
        assertThat(session.output("first", "stdout")).isEqualTo("5000\n");
        // A gateway that takes longer than a lease to come back finds the next body.
        session.await("stored", frame -> frame.type().equals("snapshot"));
        echoes(session, "6*7", "42");
        assertThat(worker.dialledPorts()).contains(DOOR_GATEWAY).isSubsetOf(DOOR_PORTS);

        relay.close();

        awaitConnected(session, false);
        relay = ExtraProcess.start(mesh, "gateway", "gateway-door", gatewayWithDoor());
        awaitConnected(session, true);
        echoes(session, "7*7", "49");
        session.command("second", "tail -1 kept");
        session.awaitEnd("second");
        assertThat(session.output("second", "stdout")).isEqualTo("5000\n");
        assertThat(session.isOpen()).isTrue();
        assertThat(worker.dialledPorts()).contains(DOOR_GATEWAY).isSubsetOf(DOOR_PORTS);
      }
      agents.steer(id, "terminate");
      assertThat(worker.stop()).isIn(0, 143);
    } finally {
      relay.close();
    }
  }

  private static void echoes(AgentSocket session, String sum, String result) {
    session.type("echo $((" + sum + "))-here\n");
    session.await(result, _ -> session.terminal().contains(result + "-here"));
  }

  private static void awaitConnected(AgentSocket session, boolean connected) {
    Awaitility.await("connected: " + connected)
        .atMost(PATIENCE)
        .until(
            () ->
                session.frames().reversed().stream()
                    .filter(frame -> frame.type().equals("status"))
                    .findFirst()
                    .map(frame -> frame.json().path("connected").asBoolean())
                    .orElse(!connected),
            now -> now == connected);
  }

  private static ObjectNode on(String worker) {
    ObjectNode spec = AgentDoor.JSON.createObjectNode();
    spec.putObject("requirements")
        .putArray("capabilities")
        .addObject()
        .put("name", ExtraProcess.capability(worker));
    return spec;
  }

  @Test
  void everyPortOfTheLocalMeshIsOnLoopback() {
    Command listening =
        Command.run(
            Path.of("/"),
            Map.of(),
            Duration.ofSeconds(10),
            List.of("cat", "/proc/net/tcp", "/proc/net/tcp6"));
    List<String> foreign =
        listening
            .stdout()
            .lines()
            .map(String::strip)
            .filter(line -> line.contains(" 0A "))
            .map(line -> line.split("\\s+")[1])
            .filter(RemoteWorkerIT::belongsToTheMesh)
            .filter(address -> !loopback(address))
            .toList();
    assertThat(foreign).isEmpty();
  }

  private static boolean belongsToTheMesh(String address) {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    return port >= 17_000 && port < 17_300;
  }

  private static boolean loopback(String address) {
    return address.startsWith("0100007F:")
        || address.startsWith("0000000000000000FFFF00000100007F:")
        || address.startsWith("00000000000000000000000001000000:");
  }

  /** The first gateway's own settings, on other ports, telling workers the door's addresses. */
  private Map<String, String> gatewayWithDoor() {
    Map<String, String> environment = new HashMap<>(mesh.environment("gateway-0"));
    // Its certificate names the first gateway, in whose place it must not be catalogued.
    environment.keySet().removeIf(key -> key.startsWith("WEFT_CONSUL"));
    environment.put("WEFT_STATIC_ROUTER", "127.0.0.1:17110,127.0.0.1:17111");
    environment.put("WEFT_STATIC_REGISTRY", "127.0.0.1:17120,127.0.0.1:17121");
    environment.put("WEFT_STATIC_GATEWAY", "127.0.0.1:17100,127.0.0.1:17101");
    environment.put("WEFT_STATIC_ARTIFACT", "127.0.0.1:17180,127.0.0.1:17181");
    environment.put("QUARKUS_HTTP_PORT", "17284");
    environment.put("WEFT_MESH_PORT", "17283");
    environment.put("WEFT_MESH_ADVERTISE", "127.0.0.1:17283");
    environment.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(DOOR_GRPC));
    environment.put("WEFT_DOOR_WORK_PORT", Integer.toString(DOOR_WORK));
    environment.put("WEFT_DOOR_HEARTBEAT_PORT", Integer.toString(DOOR_HEARTBEAT));
    environment.put("WEFT_DOOR_ARTIFACT_PORT", Integer.toString(DOOR_ARTIFACT));
    environment.put("WEFT_DOOR_GATEWAY_PORT", Integer.toString(DOOR_GATEWAY));
    environment.put("WEFT_WORKER_ENDPOINTS", "DOOR");
    environment.keySet().removeIf(key -> key.startsWith("QUARKUS_LOG_FILE"));
    return environment;
  }
}
