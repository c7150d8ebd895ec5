package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How hard work is, among a worker of one's own, which costs nothing, and a rented one. */
@ExtendWith(SharedMesh.class)
class ComplexityIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUEUE = "sorting";

  /** The slots of one of the workers. */
  private static final int SLOTS = 4;

  private final LocalMesh mesh;

  ComplexityIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void simpleWorkRunsAtHomeAndSpillsOverHardWorkInTheCloudAndBothAreToldTheirTier(
      @TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess own = worker(directory, "own-01", 0);
        ExtraProcess rented = worker(directory, "rented-01", 1_000_000)) {
      String home = awaitReady(client, "own-01");
      String cloud = awaitReady(client, "rented-01");

      Task simple = ended(client, Complexity.COMPLEXITY_SIMPLE);
      Task complex = ended(client, Complexity.COMPLEXITY_COMPLEX);
      List<Task> many =
          IntStream.range(0, 2 * SLOTS)
              .mapToObj(_ -> client.submit(spec(Complexity.COMPLEXITY_MEDIUM, "sleep 2")))
              .toList()
              .stream()
              .map(task -> client.await(task.getId(), PATIENCE))
              .toList();

      assertThat(simple.getWorkerId()).isEqualTo(home);
      assertThat(simple.getResult().getStdout().toStringUtf8()).isEqualTo("small\n");
      assertThat(complex.getWorkerId()).isEqualTo(cloud);
      assertThat(complex.getResult().getStdout().toStringUtf8()).isEqualTo("large\n");
      assertThat(many).extracting(Task::getWorkerId).contains(home, cloud);
      assertThat(mesh.weft("why", complex.getId()).expectSuccess().stdout())
          .contains("complexity COMPLEX (said), model tier large, places CLOUD_FIRST")
          .containsPattern("COST +PLACE");
      assertThat(own.stop()).isIn(0, 143);
      assertThat(rented.stop()).isIn(0, 143);
    }
  }

  @Test
  void whatTheMeshClassifiesWhySaysAndWhatMeansNothingIsRefused() {
    try (MeshClient client = mesh.client()) {
      Task task =
          client.await(
              client
                  .submit(
                      TaskSpec.newBuilder(MeshClient.noop())
                          .setComplexity(Complexity.COMPLEXITY_AUTO)
                          .build())
                  .getId(),
              PATIENCE);
      assertThat(mesh.weft("why", task.getId()).expectSuccess().stdout())
          .contains("complexity SIMPLE (classified), model tier small, places LOCAL_FIRST");
    }
    assertThat(
            mesh.weft("run", "--complexity", "auto", "--", "printenv", "WEFT_MODEL_TIER")
                .expectSuccess()
                .stdout())
        .contains("small");
    Command wrong = mesh.weft("run", "--complexity", "hard", "--", "true");
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.stderr()).contains("--complexity: hard (expected: one of auto, simple");
    Command mixed =
        mesh.weft("run", "--complexity", "emergency", "--class", "P4", "--", "true");
    assertThat(mixed.exitCode()).isNotZero();
    assertThat(mixed.stderr()).contains("P0 or none with complexity EMERGENCY");
  }

  private ExtraProcess worker(Path directory, String name, long microsPerHour) {
    return new ExtraWorker(mesh, directory, name)
        .price(microsPerHour, "USD")
        .with("WEFT_QUEUES", QUEUE)
        .start();
  }

  private static Task ended(MeshClient client, Complexity complexity) {
    Task task =
        client.await(client.submit(spec(complexity, "echo $WEFT_MODEL_TIER")).getId(), PATIENCE);
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    return task;
  }

  private static TaskSpec spec(Complexity complexity, String script) {
    return TaskSpec.newBuilder(MeshClient.shell("/bin/sh", "-c", script))
        .setQueue(QUEUE)
        .setComplexity(complexity)
        .build();
  }

  private static String awaitReady(MeshClient client, String name) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .filter(worker -> worker.getProfile().getName().equals(name))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .getId();
  }
}
