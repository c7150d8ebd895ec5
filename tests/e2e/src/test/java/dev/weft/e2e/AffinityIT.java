package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks that belong together go to one worker, as users see it. */
@ExtendWith(SharedMesh.class)
class AffinityIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;

  AffinityIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void tasksOfOneKeyRunOnOneWorkerThoseOfManyOnAllAndWhySaysIt() {
    try (MeshClient client = mesh.client()) {
      Set<String> one = workersOf(client, IntStream.range(0, 12).mapToObj(n -> "session").toList());
      Set<String> many = workersOf(client, IntStream.range(0, 24).mapToObj(n -> "u-" + n).toList());

      assertThat(one).hasSize(1);
      assertThat(many).hasSizeGreaterThan(1);
    }
  }

  @Test
  void theCommandTakesAKeyAndWhyNamesWhatChose() {
    try (MeshClient client = mesh.client()) {
      assertThat(
              mesh.weft("run", "--affinity", "session", "--", "echo", "together")
                  .expectSuccess()
                  .stdout())
          .contains("together");
      Task task = client.submit(keyed("session"));
      client.await(task.getId(), PATIENCE);

      // Beside what its shape waited for before, which has no worker.
      assertThat(client.decisions(task.getId()))
          .filteredOn(decision -> !decision.getWorkerId().isEmpty())
          .extracting(Decision::getAlgorithm)
          .containsExactly("AFFINITY");
      assertThat(mesh.weft("why", task.getId()).expectSuccess().stdout()).contains("by AFFINITY");
    }
  }

  @Test
  void theUsersOfTasksAreCountedInAShardThatWhoeverRunsTheMeshSees() throws Exception {
    try (MeshClient client = mesh.client()) {
      for (String user : List.of("ada", "bob")) {
        Task task = client.submit(TaskSpec.newBuilder(MeshClient.noop()).setUser(user).build());
        assertThat(client.await(task.getId(), PATIENCE).getState())
            .isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      }
    }
    assertThat(mesh.weft("run", "--user", "cyd", "--", "echo", "hers").expectSuccess().stdout())
        .contains("hers");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(mesh.weft("shards").expectSuccess().stdout())
                    .containsPattern("SHARD +FROM +WHY +USERS")
                    .containsPattern("1 +- +FIRST +[3-9]"));
  }

  /** Where they ran, one after the other, so that each finds its favourite free. */
  private static Set<String> workersOf(MeshClient client, List<String> keys) {
    return keys.stream()
        .map(key -> client.await(client.submit(keyed(key)).getId(), PATIENCE))
        .peek(task -> assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED))
        .map(Task::getWorkerId)
        .collect(Collectors.toSet());
  }

  private static TaskSpec keyed(String key) {
    return TaskSpec.newBuilder(MeshClient.noop()).setAffinityKey(key).build();
  }
}
