package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.history.TaskHistory;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are cut off from the mesh, or are told to go (R26, R7). */
@ExtendWith(SharedMesh.class)
class LeavingWorkersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration CUT = Duration.ofSeconds(15);
  private static final Duration LEASE_OVER = Duration.ofSeconds(12);

  private final OperationLog log = new OperationLog();
  private final LocalMesh mesh;

  LeavingWorkersIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void whenEveryPacketIsDroppedBothSidesNoticeAndOneResultCounts(@TempDir Path directory)
      throws Exception {
    String mark = "86398." + System.nanoTime() % 1_000_000;
    try (MeshClient client = mesh.client();
        Enclave enclave = new Enclave(mesh);
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "cut-off-01").startedBy(enclave.entering()).start()) {
      String script = "[ $WEFT_ATTEMPT -gt 1 ] || sleep " + mark + "; echo attempt $WEFT_ATTEMPT";
      String id = submit(client, MeshClient.shellOn("cut-off-01", "sh", "-c", script));
      awaitState(client, id, TaskState.TASK_STATE_RUNNING);
      assertThat(running(mark)).isTrue();

      log.fault("packets dropped", 1);
      enclave.cut();
      Instant cut = Instant.now();
      awaitState(client, id, TaskState.TASK_STATE_QUEUED);
      assertThat(Duration.between(cut, Instant.now())).isLessThanOrEqualTo(LEASE_OVER);
      Awaitility.await("the worker has ended what it can't renew")
          .atMost(CUT)
          .until(() -> !running(mark));
      Awaitility.await().until(() -> Instant.now().isAfter(cut.plus(CUT)));
      enclave.mend();

      Task task = client.await(id, PATIENCE);
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(2);
      assertThat(task.getEndedAttemptsList())
          .singleElement()
          .satisfies(
              attempt -> assertThat(attempt.getState()).isEqualTo(AttemptState.ATTEMPT_STATE_LOST));
      assertThat(violations(client)).isEmpty();
    }
  }

  /** Four commands, and 12 s to go: what can end does, the rest goes on elsewhere. */
  @Test
  void aWorkerThatIsToldToGoEndsWhatItCanAndGivesBackTheRest(@TempDir Path directory)
      throws Exception {
    try (MeshClient client = mesh.client();
        ExtraProcess leaving =
            new ExtraWorker(mesh, directory, "told-01").with("WEFT_DRAIN_GRACE", "12s").start()) {
      List<String> ids = new ArrayList<>();
      for (int seconds : List.of(10, 13, 16, 300)) {
        String script =
            "[ $WEFT_ATTEMPT -gt 1 ] || sleep " + seconds + "; echo attempt $WEFT_ATTEMPT";
        ids.add(submit(client, small(MeshClient.shellOn("told-01", "sh", "-c", script))));
      }
      ids.forEach(id -> awaitState(client, id, TaskState.TASK_STATE_RUNNING));
      try (ExtraProcess _ = new ExtraWorker(mesh, directory, "heir-01").like("told-01").start()) {
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    client.readyWorkers().stream()
                        .anyMatch(worker -> worker.getProfile().getName().equals("heir-01")));

        log.fault("SIGTERM", 4);
        Instant told = Instant.now();
        assertThat(leaving.stop()).isIn(0, 143);

        assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(15));
        for (String id : ids) {
          Task task = client.await(id, PATIENCE);
          assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
          assertThat(task.getAttempt()).isEqualTo(id.equals(ids.getLast()) ? 2 : 1);
        }
        assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(18));
        assertThat(violations(client)).isEmpty();
      }
    }
  }

  private String submit(MeshClient client, TaskSpec spec) {
    long number = log.invoke("submit");
    String id = client.submit(spec).getId();
    log.ok(number, id);
    return id;
  }

  private List<String> violations(MeshClient client) {
    Map<String, TaskHistory> histories = Submitter.histories(client, log);
    return new HistoryChecker().violations(log.entries(), histories);
  }

  private static TaskSpec small(TaskSpec spec) {
    return spec.toBuilder()
        .setResources(
            Resources.newBuilder().setCpuMilli(50).setMemoryBytes(16 << 20).setDiskBytes(1 << 20))
        .build();
  }

  private static void awaitState(MeshClient client, String id, TaskState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.get(id).getState() == state);
  }

  private static boolean running(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(one -> one.info().commandLine().orElse("").contains("sleep " + mark));
  }
}
