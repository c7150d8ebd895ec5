package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.RunningCommand;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task prints is heard while it prints, and read again afterwards, whoever dies. */
@ExtendWith(SharedMesh.class)
class OutputIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LINES = 120;

  /** More than a result holds, over six seconds: one line of 1 KiB every 50 ms. */
  private static final String CHATTY =
      "pad=$(printf '%01000d' 0); i=1; while [ $i -le "
          + LINES
          + " ]; do echo \"line $i $pad\"; i=$((i + 1)); sleep 0.05; done";

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalMesh mesh;

  OutputIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aFollowerHearsEachLineOnceWhileItIsPrintedAndOthersReadItAfterwards() {
    try (MeshClient client = mesh.client()) {
      String id = submit(client, CHATTY + "; echo last words >&2");
      try (RunningCommand follower = mesh.weftInBackground("logs", "-f", id)) {
        follower.awaitStdout("line 5 ", PATIENCE);
        assertThat(MeshClient.terminal(client.get(id))).isFalse();
        assertWhole(follower.end(PATIENCE));
      }
      client.await(id, PATIENCE);
      assertWhole(mesh.weft("logs", id));
      Command errors = mesh.weft("logs", "--stream", "stderr", "-q", id);
      assertThat(errors.stdout()).isEmpty();
      assertThat(errors.stderr()).isEqualTo("last words\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"artifact-0", "artifact-1"})
  void whenTheOwnerOfTheLogIsKilledNoLineIsLostOrHeardTwice(String victim) {
    try (MeshClient client = mesh.client()) {
      String id = submit(client, CHATTY);
      try (RunningCommand follower = mesh.weftInBackground("logs", "-f", id)) {
        follower.awaitStdout("line 20 ", PATIENCE);

        mesh.process(victim).kill();

        assertWhole(follower.end(PATIENCE));
      }
      assertThat(client.await(id, PATIENCE).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertWhole(mesh.weft("logs", id));
    }
  }

  @Test
  void whenTheGatewayOfAFollowerIsKilledItGoesOnAtTheOther() {
    try (MeshClient client = mesh.client()) {
      String id = submit(client, CHATTY);
      try (RunningCommand follower = mesh.weftInBackground("logs", "-f", id)) {
        follower.awaitStdout("line 10 ", PATIENCE);
        mesh.process("gateway-0").kill();

        assertWhole(follower.end(PATIENCE));
      }
    }
  }

  @Test
  void withBothReplicasGoneTasksRunOnAndTheirOutputWaitsAtTheWorker() {
    try (MeshClient client = mesh.client()) {
      String id = submit(client, CHATTY);
      try (RunningCommand follower = mesh.weftInBackground("logs", "-f", id)) {
        follower.awaitStdout("line 3 ", PATIENCE);
      }
      mesh.process("artifact-0").kill();
      mesh.process("artifact-1").kill();

      Task task = client.await(id, PATIENCE);

      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      mesh.up();
      assertWhole(mesh.weft("logs", "-f", id));
    }
  }

  @Test
  void aLogIsPlainTextOverRest() throws Exception {
    try (MeshClient client = mesh.client()) {
      String id = submit(client, "echo out; echo err >&2");
      client.await(id, PATIENCE);

      HttpResponse<String> stdout =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(mesh.rest(0) + "/v1/tasks/" + id + "/logs?stream=stdout"))
                  .header("Authorization", "Bearer " + mesh.token())
                  .header("Accept", "text/plain")
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(stdout.statusCode()).isEqualTo(200);
      assertThat(stdout.body()).isEqualTo("out\n");
    }
  }

  private static String submit(MeshClient client, String script) {
    return client.submit(MeshClient.shell("sh", "-c", script)).getId();
  }

  private static void assertWhole(Command read) {
    assertThat(read.exitCode()).as(read.stderr()).isZero();
    List<String> numbers =
        read.stdout().lines().map(line -> line.split(" ")[1]).collect(Collectors.toList());
    assertThat(numbers)
        .isEqualTo(IntStream.rangeClosed(1, LINES).mapToObj(Integer::toString).toList());
    assertThat(read.stdout().lines()).allMatch(line -> line.length() > 1000);
  }
}
