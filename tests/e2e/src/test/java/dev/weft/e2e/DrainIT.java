package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft drain} takes a worker out of use without harm to what runs there. */
@ExtendWith(SharedMesh.class)
class DrainIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;

  DrainIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void whatRunsEndsWithinTheGraceAndNothingNewIsPlaced(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess worker = ExtraProcess.worker(mesh, directory, "leaving-01", 17_090)) {
      String running =
          client.submit(MeshClient.shellOn("leaving-01", "sh", "-c", "sleep 4; echo end")).getId();
      awaitState(client, running, TaskState.TASK_STATE_RUNNING);

      assertThat(mesh.weft("drain", "leaving-01", "--grace", "30s").expectSuccess().stdout())
          .contains("DRAIN");
      String late = client.submit(MeshClient.shellOn("leaving-01", "echo", "late")).getId();

      Task ended = client.await(running, PATIENCE);
      assertThat(ended.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(ended.getAttempt()).isEqualTo(1);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> state(client, "leaving-01") == WorkerState.WORKER_STATE_DRAINED);
      assertThat(client.get(late).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
      assertThat(mesh.weft("why", late).expectSuccess().stdout()).contains("DRAIN");
      client.cancel(late);
      assertThat(worker.stop()).isIn(0, 143);
    }
  }

  @Test
  void whatRunsLongerThanTheGraceIsPreemptedAndQueuedAgainAtNoRetry(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess worker = ExtraProcess.worker(mesh, directory, "leaving-02", 17_090)) {
      TaskSpec once =
          MeshClient.shellOn("leaving-02", "sleep", "600").toBuilder()
              .setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0))
              .build();
      String id = client.submit(once).getId();
      awaitState(client, id, TaskState.TASK_STATE_RUNNING);

      mesh.weft("drain", "leaving-02", "--grace", "1s").expectSuccess();

      awaitState(client, id, TaskState.TASK_STATE_QUEUED);
      assertThat(client.get(id).getEndedAttemptsList())
          .singleElement()
          .extracting(Attempt::getState)
          .isEqualTo(AttemptState.ATTEMPT_STATE_PREEMPTED);
      client.cancel(id);
      assertThat(worker.stop()).isIn(0, 143);
    }
  }

  private static void awaitState(MeshClient client, String id, TaskState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.get(id).getState() == state);
  }

  private static WorkerState state(MeshClient client, String name) {
    return client.workers().stream()
        .filter(worker -> worker.getProfile().getName().equals(name))
        .map(Worker::getState)
        .findFirst()
        .orElseThrow();
  }
}
