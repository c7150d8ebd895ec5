package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Named queues: whose tasks a worker takes. The mesh's own three workers serve the default one. */
@ExtendWith(SharedMesh.class)
class QueueIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TASKS = 20;

  private final LocalMesh mesh;

  QueueIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aWorkerGetsTheTasksOfItsQueueAndNoOthers(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess worker =
            new ExtraWorker(mesh, directory, "planner-01")
                .with("WEFT_QUEUES", "planning")
                .start()) {
      String planner = awaitReady(client, "planner-01").getId();

      List<Task> planning = run(client, "planning");
      List<Task> other = run(client, "");

      assertThat(planning).extracting(Task::getWorkerId).containsOnly(planner);
      assertThat(other).extracting(Task::getWorkerId).doesNotContain(planner);
      assertThat(mesh.weft("workers").expectSuccess().stdout())
          .containsPattern("planner-01 +READY +sandbox +nowhere-1 +planning ")
          .containsPattern("gpu-tokyo-01 +READY +gpu +ap-northeast-1 +default ");
      assertThat(worker.stop()).isIn(0, 143);
    }
  }

  @Test
  void aTaskOfAQueueThatNobodyServesWaitsSaysSoAndRunsOnceAWorkerServesIt(@TempDir Path directory)
      throws IOException {
    String id =
        submitted(
            "--queue", "review", "--deadline", "1h", "--preemptible", "--", "echo", "reviewed");

    try (MeshClient client = mesh.client()) {
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(mesh.weft("why", id).expectSuccess().stdout())
                      .containsPattern("QUEUE .*serves queues \\[\\w+\\] \\(needed: review\\)")
                      .contains("join a worker that serves the queue review, with executor shell"));
      assertThat(client.get(id).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
      assertThat(client.get(id).getWaitingReason()).contains("serves the queue review");

      try (ExtraProcess worker =
          new ExtraWorker(mesh, directory, "reviewer-01")
              .with("WEFT_QUEUES", "execution,review")
              .start()) {
        Task task = client.await(id, PATIENCE);

        assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
        assertThat(task.getWorkerId()).isEqualTo(awaitReady(client, "reviewer-01").getId());
        assertThat(task.getSpec().getQueue()).isEqualTo("review");
        assertThat(worker.stop()).isIn(0, 143);
      }
    }
  }

  /** Tasks of a queue, every other one a command, at their end. */
  private static List<Task> run(MeshClient client, String queue) {
    List<String> ids =
        IntStream.range(0, TASKS)
            .mapToObj(n -> n % 2 == 0 ? MeshClient.noop() : MeshClient.shell("true"))
            .map(spec -> client.submit(TaskSpec.newBuilder(spec).setQueue(queue).build()).getId())
            .toList();
    List<Task> tasks = ids.stream().map(id -> client.await(id, PATIENCE)).toList();
    assertThat(tasks).extracting(Task::getState).containsOnly(TaskState.TASK_STATE_SUCCEEDED);
    return tasks;
  }

  private String submitted(String... arguments) throws IOException {
    String[] argv = new String[arguments.length + 3];
    System.arraycopy(new String[] {"submit", "-o", "json"}, 0, argv, 0, 3);
    System.arraycopy(arguments, 0, argv, 3, arguments.length);
    JsonNode task = JSON.readTree(mesh.weft(argv).expectSuccess().stdout());
    return task.path("id").asText();
  }

  private static Worker awaitReady(MeshClient client, String name) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .filter(worker -> worker.getProfile().getName().equals(name))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }
}
