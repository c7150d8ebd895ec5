package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.MeshClient;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What the placer believes that workers have free, proved by using all of it. */
final class Credit {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TaskSpec SMALL_SLEEP =
      MeshClient.shell("sleep", "600").toBuilder()
          .setResources(
              Resources.newBuilder().setCpuMilli(50).setMemoryBytes(16 << 20).setDiskBytes(1 << 20))
          .build();

  private Credit() {}

  /** As many commands as there are slots for them must be able to run at the same moment. */
  static void assertAllIsBack(MeshClient client) {
    List<Worker> ready = client.readyWorkers();
    // Each worker here has as many slots for agents as for commands.
    int slots = ready.stream().mapToInt(worker -> worker.getLoad().getSlotsTotal() / 2).sum();
    assertThat(slots).isPositive();
    List<String> ids = new ArrayList<>();
    try {
      for (int i = 0; i < slots; i++) {
        ids.add(client.submit(SMALL_SLEEP).getId());
      }
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(ids)
                      .as("all %d slots can be used at once", slots)
                      .allMatch(id -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING));
    } finally {
      ids.forEach(client::cancel);
    }
    for (String id : ids) {
      assertThat(client.await(id, SOON).getState()).isEqualTo(TaskState.TASK_STATE_CANCELLED);
    }
  }
}
