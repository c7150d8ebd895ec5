package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each process dies once while work goes on. */
@ExtendWith(SharedMesh.class)
class FaultIT {

  private final LocalMesh mesh;

  FaultIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gateway-0 registry-0 scaler-0", "gateway-1 registry-1 scaler-1", "redis consul"})
  void workGoesOnWhileOneProcessOfEachServiceIsDead(String victims) {
    try (MeshClient client = mesh.client()) {
      for (String victim : victims.split(" ")) {
        mesh.process(victim).kill();
      }

      Task task =
          client.await(
              client.submit(MeshClient.shell("echo", victims)).getId(), Duration.ofSeconds(60));

      assertThat(task.getResult().getStdout().toStringUtf8()).isEqualTo(victims + "\n");
    }
  }

  @Test
  void aTaskWhoseWorkerIsKilledRunsElsewhereWithinFiveSeconds() {
    try (MeshClient client = mesh.client()) {
      String id = client.submit(MeshClient.shell("sleep", "6")).getId();
      String victim = runningOn(client, id);

      mesh.process(victim).kill();
      Instant death = Instant.now();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.get(id).getAttempt() == 2);

      assertThat(Duration.between(death, Instant.now())).isLessThanOrEqualTo(Duration.ofSeconds(5));
      Task task = client.await(id, Duration.ofSeconds(60));
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(name(client, task.getWorkerId())).isNotEqualTo(victim);
      assertThat(task.getEndedAttemptsList())
          .singleElement()
          .satisfies(
              attempt -> assertThat(attempt.getState()).isEqualTo(AttemptState.ATTEMPT_STATE_LOST));
    }
  }

  @Test
  void aSilentWorkerLosesItsTaskWithinTwelveSecondsAndItsLateResultDoesNotCount() {
    try (MeshClient client = mesh.client()) {
      OperationLog log = new OperationLog();
      long number = log.invoke("submit");
      String id =
          client
              .submit(MeshClient.shell("sh", "-c", "sleep 5; echo attempt $WEFT_ATTEMPT"))
              .getId();
      log.ok(number, id);
      MeshProcess victim = mesh.process(runningOn(client, id));
      try {
        log.fault("pause " + victim.name(), 1);
        victim.pause();
        Instant silence = Instant.now();
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> client.get(id).getAttempt() == 2);
        assertThat(Duration.between(silence, Instant.now()))
            .isLessThanOrEqualTo(Duration.ofSeconds(12));
      } finally {
        victim.resume();
      }
      Task task = client.await(id, Duration.ofSeconds(60));
      assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(2);
    }
  }

  @Test
  void aTaskWithSideEffectsIsNotRunAgainWhenItsWorkerIsLost() {
    try (MeshClient client = mesh.client()) {
      String id =
          client
              .submit(
                  MeshClient.shell("sleep", "30").toBuilder()
                      .setOnLost(OnLost.ON_LOST_FAIL)
                      .build())
              .getId();
      mesh.process(runningOn(client, id)).kill();

      Task task = client.await(id, Duration.ofSeconds(60));

      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(task.getAttempt()).isEqualTo(1);
    }
  }

  @Test
  void aKilledWorkerLeavesNoProcessBehind() {
    try (MeshClient client = mesh.client()) {
      String mark = "86399." + System.nanoTime() % 1_000_000;
      String id =
          client.submit(MeshClient.shell("sh", "-c", "sleep " + mark + " & sleep " + mark)).getId();
      mesh.process(runningOn(client, id)).kill();
      client.cancel(id);

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  ProcessHandle.allProcesses()
                      .noneMatch(p -> p.info().commandLine().orElse("").contains(mark)));
    }
  }

  private String runningOn(MeshClient client, String id) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING);
    return name(client, client.get(id).getWorkerId());
  }

  private static String name(MeshClient client, String workerId) {
    return client.workers().stream()
        .filter(worker -> worker.getId().equals(workerId))
        .map(Worker::getProfile)
        .findFirst()
        .orElseThrow()
        .getName();
  }
}
