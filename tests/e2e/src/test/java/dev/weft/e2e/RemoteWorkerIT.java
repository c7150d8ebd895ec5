package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A machine that knows one address and one token. */
@ExtendWith(SharedMesh.class)
class RemoteWorkerIT {

  private final LocalMesh mesh;

  RemoteWorkerIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aWorkerNeedsOneAddressAndAJoinToken(@TempDir Path directory) throws Exception {
    Path profile = directory.resolve("profile.yaml");
    Files.write(
        profile,
        List.of(
            "name: late-01",
            "kind: sandbox",
            "capabilities: [{name: LATE_COMING, proficiency: 0.9}]",
            "location: {region: nowhere-1, site: Nowhere, latency_ms: 5}",
            "price: {micros_per_hour: 1000, currency: USD}",
            "executors: {shell: 1}"));
    Process worker = start(directory, profile);
    boolean stopped;
    try (MeshClient client = mesh.client()) {
      Requirements late =
          Requirements.newBuilder()
              .addCapabilities(CapabilityRequirement.newBuilder().setName("LATE_COMING"))
              .build();
      Task task =
          client.await(
              client
                  .submit(
                      MeshClient.shell("echo", "here").toBuilder().setRequirements(late).build())
                  .getId(),
              Duration.ofSeconds(60));
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getResult().getStdout().toStringUtf8()).isEqualTo("here\n");
    } finally {
      worker.destroy();
      stopped = worker.waitFor(40, TimeUnit.SECONDS);
      worker.destroyForcibly();
    }
    assertThat(stopped).as("ends at SIGTERM").isTrue();
    assertThat(worker.exitValue()).isIn(0, 143);
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

  private Process start(Path directory, Path profile) throws IOException {
    Path jar = mesh.root().resolve("worker-svc/target/quarkus-app/quarkus-run.jar");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toString())
            .redirectErrorStream(true)
            .redirectOutput(mesh.data().resolve("late-01.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "WEFT_JOIN_ADDRESS", "127.0.0.1:17090",
                "WEFT_JOIN_PLAINTEXT", "true",
                "WEFT_JOIN_TOKEN_FILE", mesh.data().resolve("join-token").toString(),
                "WEFT_DATA_DIR", directory.resolve("data").toString(),
                "WEFT_PROFILE_FILE", profile.toString(),
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", "0"));
    return builder.start();
  }
}
