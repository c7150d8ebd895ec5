package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person at a shell. */
@ExtendWith(SharedMesh.class)
class UserIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalMesh mesh;

  UserIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void theExitCodeOfTheCommandIsTheExitCodeOfRun() {
    assertThat(mesh.weft("run", "--", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
  }

  @Test
  void stdoutAndStderrComeBackApart() {
    Command run = mesh.weft("run", "--", "sh", "-c", "echo out; echo err >&2");

    assertThat(run.exitCode()).isZero();
    assertThat(run.stdout()).isEqualTo("out\n");
    assertThat(run.stderr()).contains("err\n");
  }

  @Test
  void argumentsReachTheCommandAsTheyAre() {
    assertThat(mesh.weft("run", "--", "printf", "[%s]", "a b", "$HOME", "*", "").stdout())
        .isEqualTo("[a b][$HOME][*][]");
  }

  @Test
  void aWorkerWithTheAskedCapabilityIsChosenAndTheDecisionSaysWhy() throws IOException {
    JsonNode submitted =
        JSON.readTree(
            mesh.weft("run", "-o", "json", "--cap", "BROWSER_OPERATIONS", "--", "true")
                .expectSuccess()
                .stdout());
    String id = submitted.path("id").asText();

    String why = mesh.weft("why", id).expectSuccess().stdout();

    assertThat(why).contains("browser-useast-03").contains("CAPABILITY_MISSING");
  }

  @Test
  void aCommandThatDoesNotExistIsNamed() {
    Command run = mesh.weft("run", "--", "no-such-command-here");

    assertThat(run.exitCode()).isEqualTo(127);
    assertThat(run.stderr()).contains("no-such-command-here");
  }

  @Test
  void aTaskThatNoWorkerCanDoWaitsAndSaysWhatWouldLetItStart() throws IOException {
    JsonNode submitted =
        JSON.readTree(
            mesh.weft("submit", "-o", "json", "--cap", "TELEPATHY", "--", "true")
                .expectSuccess()
                .stdout());
    String id = submitted.path("id").asText();

    assertThat(mesh.weft("why", id).expectSuccess().stdout()).contains("TELEPATHY");
    assertThat(mesh.weft("cancel", id).exitCode()).isZero();
  }

  @Test
  void aSecondUpSaysWhatRunsAlready() {
    Command up =
        mesh.weft(
            Map.of(),
            Duration.ofMinutes(1),
            "up",
            "--detach",
            "--port-base",
            "17000",
            "--replicas",
            "2");

    assertThat(up.exitCode()).isZero();
    assertThat(up.stdout()).containsIgnoringCase("already");
  }

  @Test
  void statusShowsEveryProcessAndWorkersShowsTheUnlikeThree() {
    assertThat(mesh.weft("status").expectSuccess().stdout())
        .contains("gateway-0", "gateway-1", "router-0", "router-1", "registry-0", "registry-1")
        .contains("artifact-0", "artifact-1", "scaler-0", "scaler-1", "gpu-tokyo-01");
    assertThat(mesh.weft("workers").expectSuccess().stdout())
        .contains("gpu-tokyo-01", "browser-useast-03", "sandbox-onprem-01");
  }

  @Test
  void oneGigabyteOfOutputIsKeptAndTheMeshGoesOn() {
    try (MeshClient client = mesh.client()) {
      String id =
          client
              .submit(MeshClient.shell("sh", "-c", "head -c 1000000000 /dev/zero | tr '\\0' x"))
              .getId();

      Task flood = client.await(id, Duration.ofMinutes(3));

      assertThat(flood.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(flood.getResult().getOutputBytes()).isEqualTo(1_000_000_000);
      assertThat(flood.getResult().getOutputLogged()).isTrue();
      assertThat(flood.getResult().getOutputTruncated()).isFalse();
      assertThat(mesh.weft("run", "--", "echo", "on").stdout()).isEqualTo("on\n");
    }
  }

  @Test
  void aCommandThatIgnoresSigtermIsEndedByItsTimeout() {
    Command run =
        mesh.weft(
            "run",
            "--timeout",
            "2s",
            "--retries",
            "0",
            "--",
            "sh",
            "-c",
            "trap '' TERM; while :; do sleep 1; done");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.stderr()).contains("WALL_TIME_LIMIT");
  }

  @Test
  void aForkBombIsContainedAndTheMeshGoesOn() {
    Command bomb =
        mesh.weft(
            "run",
            "--timeout",
            "10s",
            "--retries",
            "0",
            "--",
            "sh",
            "-c",
            "b() { b | b & }; b; wait; sleep 60");

    assertThat(bomb.exitCode()).isNotZero();
    assertThat(mesh.weft("run", "--", "echo", "on").stdout()).isEqualTo("on\n");
  }
}
