package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.RunningCommand;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.tasks.v1.WorkspaceCapture;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes are stored whole or not at all, and come back as they were. */
@ExtendWith(SharedMesh.class)
class ArtifactIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MEBIBYTE = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalMesh mesh;
  @TempDir Path directory;

  ArtifactIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void oneWorkersResultIsReadByAnother() {
    try (MeshClient client = mesh.client()) {
      Task plan =
          client.await(
              client
                  .submit(
                      only("BROWSER_OPERATIONS", "sh", "-c", "echo step one > plan-123")
                          .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES)
                          .build())
                  .getId(),
              PATIENCE);
      Task step =
          client.await(
              client
                  .submit(
                      only("TESTING", "cat", "plan-123")
                          .setWorkspaceArtifact(plan.getResult().getChangesArtifact())
                          .build())
                  .getId(),
              PATIENCE);

      assertThat(step.getResult().getStdout().toStringUtf8()).isEqualTo("step one\n");
      assertThat(step.getWorkerId()).isNotEqualTo(plan.getWorkerId());
    }
  }

  @Test
  void anArtifactIsFoundByItsNameAndIsGoneOnceItIsDeleted() throws IOException {
    Path plan = Files.writeString(directory.resolve("plan.txt"), "step one\n");
    String id = mesh.weft("artifacts", "put", "--name", "plan-123", plan.toString()).stdout();

    assertThat(mesh.weft("artifacts", "get", "plan-123").expectSuccess().stdout())
        .isEqualTo("step one\n");
    assertThat(mesh.weft("artifacts", "get", "--info", id.strip()).expectSuccess().stdout())
        .contains("plan-123", "size     9");
    mesh.weft("artifacts", "rm", id.strip()).expectSuccess();
    assertThat(mesh.weft("artifacts", "get", id.strip()))
        .satisfies(
            gone -> {
              assertThat(gone.exitCode()).isEqualTo(5);
              assertThat(gone.stderr()).contains("ARTIFACT_NOT_FOUND");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"artifact-0", "artifact-1"})
  void anUploadWhoseReplicaIsKilledEndsWholeOrNotAtAll(String victim) throws Exception {
    Path file = random(400 * MEBIBYTE);
    String name = "upload-" + victim;
    long before = bytesOnTheWay();
    try (RunningCommand upload =
        mesh.weftInBackground("artifacts", "put", "--name", name, file.toString())) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> bytesOnTheWay() - before > 20 * MEBIBYTE || !upload.isRunning());
      assertThat(upload.isRunning()).as("it is under way").isTrue();
      mesh.process(victim).kill();
      Command end = upload.end(PATIENCE);

      if (end.exitCode() == 0) {
        assertSame(file, name);
      } else {
        assertThat(end.stderr()).contains("UNAVAILABLE");
        assertThat(mesh.weft("artifacts", "list", "--name", name).expectSuccess().stdout())
            .doesNotContain("art_");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"artifact-0", "artifact-1"})
  void aDownloadWhoseReplicaIsKilledGoesOnAtTheOther(String victim) throws Exception {
    Path file = random(300 * MEBIBYTE);
    String id = mesh.weft("artifacts", "put", file.toString()).expectSuccess().stdout().strip();
    Path copy = directory.resolve("copy");
    try (RunningCommand download = mesh.weftInBackground("artifacts", "get", id, copy.toString())) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> bytesIn(directory) > 320L * MEBIBYTE || !download.isRunning());
      assertThat(download.isRunning()).as("it is under way").isTrue();
      mesh.process(victim).kill();

      assertThat(download.end(PATIENCE).exitCode()).isZero();
    }
    assertThat(digest(copy)).isEqualTo(digest(file));
    mesh.weft("artifacts", "rm", id).expectSuccess();
  }

  @Test
  void bytesOfAnotherDigestThanNamedBecomeNoArtifact() throws Exception {
    String digest = Base64.getEncoder().encodeToString(new byte[32]);
    HttpResponse<String> answer =
        http.send(
            request("/v1/artifacts?name=wrong-hash")
                .header("Content-Digest", "sha-256=:" + digest + ":")
                .POST(HttpRequest.BodyPublishers.ofString("some bytes"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("reason").asText()).isEqualTo("DIGEST_MISMATCH");
    assertThat(mesh.weft("artifacts", "list", "--name", "wrong-hash").stdout())
        .doesNotContain("art_");
  }

  @Test
  void aPartOfAnArtifactIsServedAsARange() throws Exception {
    Path file = Files.writeString(directory.resolve("digits"), "0123456789");
    String id = mesh.weft("artifacts", "put", file.toString()).expectSuccess().stdout().strip();

    HttpResponse<String> part =
        http.send(
            request("/v1/artifacts/" + id + "/content").header("Range", "bytes=3-5").build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("345");
    assertThat(part.headers().firstValue("content-range")).hasValue("bytes 3-5/10");
  }

  @Test
  void withBothReplicasGoneCallersAreToldAndTasksWithoutFilesRunOn() throws Exception {
    Path file = Files.writeString(directory.resolve("small"), "small");
    mesh.process("artifact-0").kill();
    mesh.process("artifact-1").kill();
    try (MeshClient client = mesh.client()) {
      assertThat(client.await(client.submit(MeshClient.shell("true")).getId(), PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    }
    HttpResponse<String> answer =
        http.send(
            request("/v1/artifacts").POST(HttpRequest.BodyPublishers.ofFile(file)).build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode problem = JSON.readTree(answer.body());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(problem.path("reason").asText()).isEqualTo("ARTIFACTS_UNAVAILABLE");
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  private static TaskSpec.Builder only(String capability, String... argv) {
    return MeshClient.shell(argv).toBuilder()
        .setRequirements(
            Requirements.newBuilder()
                .addCapabilities(CapabilityRequirement.newBuilder().setName(capability)));
  }

  private void assertSame(Path file, String name) throws Exception {
    Path copy = directory.resolve("copy-of-" + name);
    mesh.weft("artifacts", "get", name, copy.toString()).expectSuccess();
    assertThat(digest(copy)).isEqualTo(digest(file));
  }

  private long bytesOnTheWay() throws IOException {
    return bytesIn(mesh.data().resolve("blobs"));
  }

  private static long bytesIn(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += file.toFile().length();
      }
    } catch (UncheckedIOException renamedMeanwhile) {
      return sum;
    }
    return sum;
  }

  private Path random(int bytes) throws IOException {
    Path file = directory.resolve("random");
    byte[] block = new byte[MEBIBYTE];
    Random random = new Random(bytes + System.nanoTime());
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int written = 0; written < bytes; written += block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
    return file;
  }

  private static String digest(Path file) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[MEBIBYTE];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(mesh.rest(0) + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + mesh.token());
  }
}
