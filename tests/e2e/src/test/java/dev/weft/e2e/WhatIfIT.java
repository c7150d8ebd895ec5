package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How recorded work would have fared otherwise, asked of a whole mesh by CLI. */
@ExtendWith(SharedMesh.class)
class WhatIfIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String WORKER = "alone-01";

  private final LocalMesh mesh;

  WhatIfIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void oneMoreWorkerWouldHaveShortenedTheQueueAndTheReplaysErrorIsTold(@TempDir Path directory)
      throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess _ = new ExtraWorker(mesh, directory, WORKER).price(3_600_000, "USD").start()) {
      awaitReady(client);
      Instant start = Instant.now();
      List<String> tasks =
          IntStream.range(0, 12)
              .mapToObj(_ -> client.submit(MeshClient.shellOn(WORKER, "sleep", "3")).getId())
              .toList();
      for (String id : tasks) {
        Task task = client.await(id, PATIENCE);
        assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      }

      Command told =
          mesh.weft(
                  "whatif",
                  "--since",
                  start.toString(),
                  "--add-worker",
                  "REVIEW=0.5,like=" + WORKER)
              .expectSuccess();
      JsonNode report =
          JSON.readTree(
              mesh.weft(
                      "whatif",
                      "--since",
                      start.toString(),
                      "--add-worker",
                      "REVIEW=0.5,like=" + WORKER,
                      "-o",
                      "json")
                  .expectSuccess()
                  .stdout());

      assertThat(told.stdout())
          .startsWith("12 of your tasks, accepted from ")
          .containsPattern("REALLY +REPLAYED +PROPOSED")
          .contains("Error of the replay itself");
      assertThat(report.path("recorded").path("succeededCount").asText()).isEqualTo("12");
      double really = seconds(report, "recorded", "waitP99");
      double replayed = seconds(report, "replayed", "waitP99");
      double proposed = seconds(report, "proposed", "waitP99");
      assertThat(really).as("three rounds of four").isGreaterThan(5);
      assertThat(replayed).isBetween(really - 2, really + 2);
      assertThat(proposed).as("two rounds").isLessThan(replayed - 1.5);
      assertThat(report.path("error").path("comparedCount").asText()).isEqualTo("12");
      assertThat(report.path("recorded").path("costs").get(0).path("currencyCode").asText())
          .isEqualTo("USD");
      assertThat(report.path("notes").findValuesAsText("reason"))
          .contains("OWN_TASKS_ONLY")
          .doesNotContain("FLEET_AS_NOW");
    }
  }

  @Test
  void whatMakesNoSenseIsNamedAndARangeWithoutRecordsSaysSo() {
    try (MeshClient client = mesh.client()) {
      TaskSpec noop = MeshClient.noop();
      client.await(client.submit(noop).getId(), PATIENCE);

      Command algorithm = mesh.weft("whatif", "--algorithm", "TELEPATHY");
      Command sum = mesh.weft("whatif", "--weights", "fit=1,load=1,latency=0,cost=0");
      Command wide = mesh.weft("whatif", "--since", "25h");
      Command empty =
          mesh.weft(
              "whatif", "--since", "2h", "--until", Instant.now().minusSeconds(7_100).toString());

      assertThat(algorithm.exitCode()).isEqualTo(1);
      assertThat(algorithm.stderr())
          .contains("INVALID_FIELD: algorithm: TELEPATHY (expected: COMPOSITE, ");
      assertThat(sum.stderr()).contains("INVALID_FIELD: weights: 1.0 + 1.0").contains("a sum of 1");
      assertThat(wide.stderr()).contains("INVALID_FIELD: since..until: PT25H");
      assertThat(empty.exitCode()).isEqualTo(5);
      assertThat(empty.stderr()).contains("REPLAY_NO_RECORDS: since..until: ");
    }
  }

  private static double seconds(JsonNode report, String column, String field) {
    String text = report.path(column).path(field).asText("0s");
    return Double.parseDouble(text.substring(0, text.length() - 1));
  }

  private static void awaitReady(MeshClient client) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .anyMatch(worker -> worker.getProfile().getName().equals(WORKER)));
  }
}
