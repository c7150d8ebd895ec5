package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pools keep their size, and people change it. */
@ExtendWith(SharedMesh.class)
class PoolIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SANDBOX = "sandbox-onprem-01";
  private static final Duration BACK = Duration.ofSeconds(10);

  /** Only sandbox workers can do it. */
  private static final Requirements TESTING =
      Requirements.newBuilder()
          .addCapabilities(CapabilityRequirement.newBuilder().setName("TESTING"))
          .build();

  private final LocalMesh mesh;

  PoolIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** Workers that were drained by hand go when the pool is emptied. */
  @AfterEach
  void oneOfEachAgain() throws IOException {
    if (instances("sandbox").size() > 1) {
      resize(0);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> instances("sandbox").isEmpty());
    }
    resize(1);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(mesh::poolsAreFull);
  }

  @Test
  void aKilledWorkerIsBackWithinTenSeconds() {
    try (MeshClient client = mesh.client()) {
      MeshProcess victim = mesh.process(SANDBOX);
      victim.kill();
      Instant death = Instant.now();

      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () ->
                  mesh.process(SANDBOX).pid() != victim.pid()
                      && state(client, SANDBOX) == WorkerState.WORKER_STATE_READY);

      assertThat(Duration.between(death, Instant.now())).isLessThanOrEqualTo(BACK);
    }
  }

  @Test
  void aPoolThatShrinksLetsWhatRunsEndFirst() throws IOException {
    try (MeshClient client = mesh.client()) {
      resize(2);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(mesh::poolsAreFull);
      String id = client.submit(testing("sleep", "8")).getId();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING);

      resize(0);

      Task task = client.await(id, Duration.ofMinutes(1));
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(1);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> instances("sandbox").isEmpty());
      assertThat(mesh.processes()).noneMatch(one -> one.name().startsWith("sandbox-"));
    }
  }

  @Test
  void aWorkerThatPeopleDrainStaysAndAnotherOneServes() {
    try (MeshClient client = mesh.client()) {
      mesh.weft("drain", SANDBOX).expectSuccess();

      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> state(client, "sandbox-onprem-02") == WorkerState.WORKER_STATE_READY);

      assertThat(state(client, SANDBOX)).isEqualTo(WorkerState.WORKER_STATE_DRAINED);
      assertThat(mesh.process(SANDBOX).alive()).isTrue();
      Task task = client.await(client.submit(testing("true")).getId(), Duration.ofSeconds(30));
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    }
  }

  @Test
  void workersOutliveTheirScalerAndAreKeptByTheNext() throws IOException {
    MeshProcess worker = mesh.process(SANDBOX);
    for (String scaler : List.of("scaler-0", "scaler-1")) {
      mesh.process(scaler).kill();
    }
    assertThat(worker.alive()).isTrue();
    worker.kill();

    mesh.up();

    assertThat(mesh.process(SANDBOX).pid()).isNotEqualTo(worker.pid());
    assertThat(mesh.process(SANDBOX).alive()).isTrue();
    assertThat(instances("sandbox")).hasSize(1);
  }

  @Test
  void aSizeOutOfBoundsOrOfNoPoolIsRefusedWithAReason() {
    assertThat(mesh.weft("pools", "resize", "sandbox", "9").stderr())
        .contains("desired: 9 (expected: 0 to 8)");
    assertThat(mesh.weft("pools", "resize", "quantum", "1").stderr()).contains("POOL_NOT_FOUND");
  }

  private void resize(int desired) {
    mesh.weft("pools", "resize", "sandbox", Integer.toString(desired)).expectSuccess();
  }

  private static TaskSpec testing(String... argv) {
    return MeshClient.shell(argv).toBuilder().setRequirements(TESTING).build();
  }

  private static WorkerState state(MeshClient client, String name) {
    Optional<Worker> worker =
        client.workers().stream()
            .filter(one -> one.getProfile().getName().equals(name))
            .findFirst();
    return worker.map(Worker::getState).orElse(WorkerState.WORKER_STATE_UNSPECIFIED);
  }

  /** Names of a pool's workers that have not ended. */
  private List<String> instances(String pool) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode one : JSON.readTree(mesh.weft("pools", "-o", "json").expectSuccess().stdout())) {
      if (one.path("name").asText().equals(pool)) {
        for (JsonNode instance : one.path("instances")) {
          if (!instance.path("state").asText().equals("INSTANCE_STATE_ENDED")) {
            names.add(instance.path("workerName").asText());
          }
        }
      }
    }
    return names;
  }
}
