package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What work cost, as somebody who pays for the machines reads it. */
@ExtendWith(SharedMesh.class)
class CostIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A micro per millisecond. */
  private static final long PRICE = 3_600_000L;

  /** All times are the database's; what is shown of them is rounded. */
  private static final long ROUNDED_MILLIS = 2;

  private final LocalMesh mesh;

  CostIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aTaskCostsItsTimeTimesItsWorkersPriceAndAKilledWorkersAttemptCostsToo(
      @TempDir Path directory) throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess first =
            new ExtraWorker(mesh, directory, "costly-01").price(PRICE, "CHF").start()) {
      awaitReady(client, "costly-01");
      String id = client.submit(MeshClient.shellOn("costly-01", "sh", "-c", "sleep 10")).getId();
      awaitState(client, id, TaskState.TASK_STATE_RUNNING);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(micros(line(id))).isPositive());
      assertThat(mesh.weft("get", id).expectSuccess().stdout()).containsPattern("cost +\\S+ CHF");

      first.close();
      assertThat(MeshClient.terminal(client.get(id))).isFalse();
      try (ExtraProcess _ =
          new ExtraWorker(mesh, directory, "costly-02")
              .like("costly-01")
              .price(PRICE, "CHF")
              .start()) {
        Task task = client.await(id, PATIENCE);

        assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
        Attempt lost = task.getEndedAttempts(0);
        assertThat(lost.getState()).isEqualTo(AttemptState.ATTEMPT_STATE_LOST);
        JsonNode line = line(id);
        assertThat(line.path("attemptCount").asInt()).isEqualTo(2);
        assertThat(line.path("cost").path("currencyCode").asText()).isEqualTo("CHF");
        long lostMillis =
            Duration.between(instant(lost.getStartTime()), instant(lost.getEndTime())).toMillis();
        long ranMillis = 10_000;
        assertThat(micros(line)).isGreaterThan(lostMillis + ranMillis - ROUNDED_MILLIS);
        // The price is a micro per millisecond, so cost and time are the same number.
        assertThat(micros(line)).isCloseTo(runMillis(line), within(1L));
        assertThat(micros(line)).isLessThan(lostMillis + ranMillis + PATIENCE.toMillis());
        assertThat(workers(client, "costly-01").path("cost").path("micros").asLong())
            .isCloseTo(lostMillis, within(ROUNDED_MILLIS));
      }
    }
  }

  @Test
  void aWorkerWithoutAPriceIsNamedAndItsTasksCostIsUnknown(@TempDir Path directory)
      throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess _ = new ExtraWorker(mesh, directory, "laptop-01").withoutPrice().start()) {
      awaitReady(client, "laptop-01");
      String id = client.submit(MeshClient.shellOn("laptop-01", "true")).getId();
      client.await(id, PATIENCE);

      assertThat(line(id).path("cost").isObject()).isFalse();
      assertThat(line(id).path("unpricedAttemptCount").asInt()).isEqualTo(1);
      assertThat(mesh.weft("cost", "task", id).expectSuccess().stdout())
          .containsPattern(id + " +1 +1 +\\S+ +unknown +- +- +1")
          .contains("1 attempts have no known cost: no price in the profile of laptop-01");
    }
  }

  @Test
  void whatIsUnknownIsNotFound() {
    assertThat(mesh.weft("cost", "task", "tsk_00000000000000000000000001").exitCode()).isEqualTo(5);
    assertThat(mesh.weft("cost", "day", "--since", "1970-01-02T00:00:00Z").stderr())
        .contains("INVALID_FIELD: since: 1970-01-02T00:00:00Z (expected: ");
  }

  private JsonNode line(String task) throws IOException {
    JsonNode lines =
        JSON.readTree(mesh.weft("cost", "task", task, "-o", "json").expectSuccess().stdout())
            .path("costLines");
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private JsonNode workers(MeshClient client, String name) throws IOException {
    for (JsonNode line :
        JSON.readTree(mesh.weft("cost", "worker", "-o", "json").expectSuccess().stdout())
            .path("costLines")) {
      if (line.path("name").asText().equals(name)) {
        return line;
      }
    }
    throw new AssertionError("no costs of " + name + " among " + client.workers());
  }

  private static long micros(JsonNode line) {
    return line.path("cost").path("micros").asLong();
  }

  private static long runMillis(JsonNode line) {
    String seconds = line.path("runTime").asText().replace("s", "");
    return new BigDecimal(seconds).movePointRight(3).longValue();
  }

  private static Instant instant(com.google.protobuf.Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static void awaitState(MeshClient client, String id, TaskState state) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(client.get(id).getState()).isEqualTo(state));
  }

  private static void awaitReady(MeshClient client, String name) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .anyMatch(worker -> worker.getProfile().getName().equals(name)));
  }
}
