package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.history.TaskHistory;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The promise of the mesh, judged by a checker over what clients were told. */
@ExtendWith(SharedMesh.class)
class ClusterPromiseIT {

  private static final int TASKS = 2_000;

  /**
   * Shell slots of three workers plus what noop can hold at a fault; an upper bound of what can run
   * twice.
   */
  private static final int IN_FLIGHT = 200;

  private static final TaskSpec SMALL_SLEEP =
      MeshClient.shell("sleep", "600").toBuilder()
          .setResources(
              Resources.newBuilder().setCpuMilli(50).setMemoryBytes(16 << 20).setDiskBytes(1 << 20))
          .build();

  private final OperationLog log = new OperationLog();
  private final LocalMesh mesh;

  ClusterPromiseIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void noAcknowledgedTaskIsLostOrCountedTwiceWhileWorkerPlacerAndPostgresAreKilled()
      throws Exception {
    try (MeshClient client = mesh.client()) {
      try (Submitter submitter = new Submitter(client, log, TASKS)) {
        submitter.awaitSubmitted(TASKS / 5);
        kill(chosenWorker(client));
        submitter.awaitSubmitted(2 * TASKS / 5);
        kill(placer());
        submitter.awaitSubmitted(3 * TASKS / 5);
        kill("postgres");
        mesh.up();
        submitter.awaitSubmitted(TASKS);
      }
      Map<String, TaskHistory> histories = histories(client);
      log.writeTo(mesh.data().resolve("operations.log"));
      assertThat(new HistoryChecker().violations(log.entries(), histories)).isEmpty();
      assertThat(histories).hasSizeGreaterThanOrEqualTo(TASKS * 9 / 10);
      assertNothingLeftRunning(client);
      assertAllCreditIsBack(client);
    }
  }

  private Map<String, TaskHistory> histories(MeshClient client) {
    Map<String, TaskHistory> histories = new TreeMap<>();
    for (String id : Submitter.acknowledged(log)) {
      Task ended = client.await(id, Duration.ofMinutes(3));
      histories.put(id, new TaskHistory(ended, client.events(id, Duration.ofSeconds(30))));
    }
    return histories;
  }

  private void assertNothingLeftRunning(MeshClient client) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> {
              for (Worker worker : ready(client)) {
                assertThat(worker.getLoad().getSlotsUsed())
                    .as(worker.getProfile().getName())
                    .isZero();
                assertThat(mesh.process(worker.getProfile().getName()).descendants())
                    .noneMatch(c -> c.contains("bwrap"));
              }
            });
  }

  /** Without those that other tests have added and ended. */
  private static List<Worker> ready(MeshClient client) {
    return client.workers().stream()
        .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_READY)
        .toList();
  }

  /** As many commands as there are slots for them must be able to run at the same moment. */
  private void assertAllCreditIsBack(MeshClient client) {
    int slots = ready(client).stream().mapToInt(worker -> worker.getLoad().getSlotsTotal()).sum();
    assertThat(slots).isPositive();
    List<String> ids = new ArrayList<>();
    try {
      for (int i = 0; i < slots; i++) {
        ids.add(client.submit(SMALL_SLEEP).getId());
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(ids)
                      .allMatch(id -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING));
    } finally {
      ids.forEach(client::cancel);
    }
    for (String id : ids) {
      assertThat(client.await(id, Duration.ofSeconds(30)).getState())
          .isEqualTo(TaskState.TASK_STATE_CANCELLED);
    }
  }

  private void kill(String process) {
    log.fault("kill " + process, IN_FLIGHT);
    mesh.process(process).kill();
    if (!process.equals("postgres")) {
      mesh.up();
    }
  }

  private static String chosenWorker(MeshClient client) {
    return client.readyWorkers().stream()
        .filter(worker -> worker.getLoad().getSlotsUsed() > 0)
        .findFirst()
        .orElseGet(() -> client.readyWorkers().getFirst())
        .getProfile()
        .getName();
  }

  private String placer() {
    return Placers.of(mesh).holder();
  }
}
