package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.RedrivenTask;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What failed for good waits for somebody to decide. */
@ExtendWith(SharedMesh.class)
class DeadLetterIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;

  DeadLetterIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** The command fails or not by what a secret says at that time. */
  @Test
  void aTaskThatFailedForGoodIsInspectedRedrivenOnceAndPurged() throws IOException {
    put("redrive-mode", "badly");
    try (MeshClient client = mesh.client()) {
      TaskSpec spec =
          failing(1, "sh", "-c", "test \"$MODE\" = well").toBuilder()
              .addSecrets("MODE=secret://redrive-mode")
              .build();
      String id = client.submit(spec).getId();
      Task dead = client.await(id, PATIENCE);
      assertThat(dead.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(dead.getEndedAttemptsList())
          .hasSize(2)
          .allSatisfy(
              attempt -> assertThat(attempt.getProblem().getReason()).isEqualTo("EXIT_NONZERO"))
          .extracting(Attempt::getNumber)
          .containsExactly(1, 2);
      assertThat(listed()).contains(id);
      assertThat(letters("show", id).stdout()).contains("EXIT_NONZERO").contains("ATTEMPT");

      put("redrive-mode", "well");
      String again = redriven(id, false);

      assertThat(client.await(again, PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(redriven(id, true)).isEqualTo(again);
      assertThat(client.get(again).getRedriveOf()).isEqualTo(id);
      assertThat(client.get(id).getRedrivenAs()).isEqualTo(again);
      assertThat(client.get(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(listed()).doesNotContain(id);

      String other = client.submit(failing(0, "false")).getId();
      client.await(other, PATIENCE);
      assertThat(listed()).contains(other);
      letters("purge", "--all");

      assertThat(listed()).isEmpty();
      assertThat(client.get(other).getProblem().getReason()).isEqualTo("EXIT_NONZERO");
      assertThat(mesh.weft("dead-letters", "redrive", other).exitCode()).isEqualTo(5);
    }
  }

  @Test
  void redrivesThatRaceWithThePlacersDeathNameOneTask() {
    try (MeshClient client = mesh.client()) {
      String id = client.submit(failing(0, "false")).getId();
      client.await(id, PATIENCE);
      String placer = Placers.of(mesh).holder();

      List<CompletableFuture<RedrivenTask>> racers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        racers.add(CompletableFuture.supplyAsync(() -> client.redrive(id)));
      }
      mesh.process(placer).kill();
      racers.add(CompletableFuture.supplyAsync(() -> client.redrive(id)));

      List<String> named = racers.stream().map(racer -> racer.join().getTaskId()).toList();
      assertThat(named).containsOnly(named.getFirst());
      assertThat(client.redrive(id).getTaskId()).isEqualTo(named.getFirst());
      assertThat(client.get(named.getFirst()).getRedriveOf()).isEqualTo(id);
      assertThat(client.await(named.getFirst(), PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_FAILED);
    }
  }

  private static TaskSpec failing(int retries, String... argv) {
    return MeshClient.shell(argv).toBuilder()
        .setRetryPolicy(
            RetryPolicy.newBuilder()
                .setMaxRetries(retries)
                .setInitialBackoff(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000)))
        .build();
  }

  private Command letters(String action, String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters", action));
    all.addAll(List.of(arguments));
    return mesh.weft(all.toArray(String[]::new)).expectSuccess();
  }

  private List<String> listed() throws IOException {
    List<String> ids = new ArrayList<>();
    JSON.readTree(letters("list", "--limit", "1000", "-o", "json").stdout())
        .forEach(letter -> ids.add(letter.path("taskId").asText()));
    return ids;
  }

  private String redriven(String id, boolean before) throws IOException {
    JsonNode redriven =
        JSON.readTree(letters("redrive", id, "-o", "json").stdout()).path(0).path("redriven");
    assertThat(redriven.path("existing").asBoolean()).isEqualTo(before);
    return redriven.path("taskId").asText();
  }

  private void put(String name, String value) {
    Command.run(
            mesh.root(),
            Map.of(
                "WEFT_HOME", mesh.data().toString(), "JAVA_HOME", System.getProperty("java.home")),
            Duration.ofMinutes(1),
            List.of(
                "sh",
                "-c",
                "printf '%s\\n' '" + value + "' | ./weft --no-build secrets put " + name))
        .expectSuccess();
  }
}
