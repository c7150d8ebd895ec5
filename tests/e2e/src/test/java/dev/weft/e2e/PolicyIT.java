package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.RunningCommand;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** By what workers are chosen, changed while the mesh runs, as whoever runs it does. */
@ExtendWith(SharedMesh.class)
class PolicyIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BY_LOAD = "capability=0,load=1,latency=0,cost=0";
  private static final String BY_COST = "capability=0,load=0,latency=0,cost=1";
  private static final String STANDARD = "capability=0.4,load=0.3,latency=0.2,cost=0.1";

  private final LocalMesh mesh;

  PolicyIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** The other tests share the mesh. */
  @AfterEach
  void asBefore() {
    set(STANDARD);
  }

  @Test
  void theNextTaskGoesByTheNewWeightsAlsoAfterThePlacersDeath(@TempDir Path directory)
      throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess _ = new ExtraWorker(mesh, directory, "cheap-01").price(0, "USD").start();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "dear-01")
                .like("cheap-01")
                .price(9_000_000, "USD")
                .start()) {
      awaitReady(client, "cheap-01", "dear-01");
      set(BY_COST);
      String busy = client.submit(shell("sleep 120")).getId();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> client.get(busy).getState() == TaskState.TASK_STATE_RUNNING);
      String cheap = client.get(busy).getWorkerId();
      assertThat(ran(client)).isEqualTo(cheap);

      set(BY_LOAD);
      String dear = ran(client);
      assertThat(dear).isNotEqualTo(cheap);
      assertThat(whySays(client)).contains("weights " + inForce().path("name").asText());
      set(BY_COST);
      assertThat(ran(client)).isEqualTo(cheap);
      String name = inForce().path("name").asText();

      mesh.process(Placers.of(mesh).holder()).kill();

      assertThat(whySays(client)).contains("weights " + name);
      assertThat(inForce().path("name").asText()).isEqualTo(name);
      // At first it knows only those workers that have come back already.
      Awaitility.await().atMost(PATIENCE).until(() -> ran(client).equals(cheap));
      client.cancel(busy);
    }
  }

  @Test
  void workGoesToThePlaceOfItsComplexityAndNearItsUserAndWhySaysSo(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "home-01")
                .region("eu-central-1")
                .price(0, "USD")
                .start();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "rented-01")
                .like("home-01")
                .region("us-east-1")
                .price(500_000, "USD")
                .start()) {
      awaitReady(client, "home-01", "rented-01");
      TaskSpec spec = MeshClient.shellOn("home-01", "true");

      assertThat(whySays(client, spec.toBuilder().setComplexity(Complexity.COMPLEXITY_SIMPLE)))
          .contains("complexity SIMPLE (said), model tier small, places LOCAL_FIRST")
          .containsPattern("\\* home-01 .* 1\\.000\\n");
      assertThat(whySays(client, spec.toBuilder().setComplexity(Complexity.COMPLEXITY_COMPLEX)))
          .contains("complexity COMPLEX (said), model tier large, places CLOUD_FIRST")
          .containsPattern("\\* rented-01 ");
      assertThat(whySays(client, spec.toBuilder().setComplexity(Complexity.COMPLEXITY_EMERGENCY)))
          .contains("complexity EMERGENCY (said), model tier large, places ANYWHERE");
      assertThat(whySays(client, spec.toBuilder().setUserRegion("us-east-2")))
          .contains("NEAR")
          .containsPattern("\\* rented-01 ");
      assertThat(whySays(client, spec.toBuilder().setUserRegion("eu-west-1")))
          .containsPattern("\\* home-01 ");
    }
  }

  @Test
  void ofTwoWhoChangeTheSameVersionOneWins(@TempDir Path directory) throws IOException {
    set(STANDARD);
    int before = inForce().path("version").asInt();
    Path first = policy(directory.resolve("first.json"), BY_LOAD);
    Path second = policy(directory.resolve("second.json"), BY_COST);

    List<Command> ended;
    try (RunningCommand one = mesh.weftInBackground("policy", "set", "--file", first.toString());
        RunningCommand other =
            mesh.weftInBackground("policy", "set", "--file", second.toString())) {
      ended = Stream.of(one, other).map(racer -> racer.end(PATIENCE)).toList();
    }

    assertThat(ended).extracting(Command::exitCode).containsExactlyInAnyOrder(0, 1);
    assertThat(ended)
        .filteredOn(racer -> racer.exitCode() == 1)
        .singleElement()
        .satisfies(
            loser ->
                assertThat(loser.stderr())
                    .contains("POLICY_CHANGED: expected_version: " + before + " (expected: "));
    assertThat(inForce().path("version").asInt()).isEqualTo(before + 1);
  }

  @Test
  void aBadPolicyIsNamedAndNeverComesIntoForce() throws IOException {
    int before = inForce().path("version").asInt();

    Command sum = mesh.weft("policy", "set", "--class", "P4", "--weights", STANDARD + "5");
    Command algorithm = mesh.weft("policy", "set", "--algorithm", "shell=TELEPATHY");

    assertThat(sum.exitCode()).isEqualTo(1);
    assertThat(sum.stderr())
        .contains(
            "INVALID_FIELD: weights[P4]: 0.4 + 0.3 + 0.2 + 0.15 = 1.05 (expected: a sum of 1)");
    assertThat(algorithm.stderr())
        .contains("INVALID_FIELD: algorithms: TELEPATHY (expected: COMPOSITE, ");
    assertThat(inForce().path("version").asInt()).isEqualTo(before);
  }

  /** Only the class that no other test uses. */
  private void set(String weights) {
    mesh.weft("policy", "set", "--class", "P4", "--weights", weights).expectSuccess();
  }

  private JsonNode inForce() throws IOException {
    return JSON.readTree(mesh.weft("policy", "show", "-o", "json").expectSuccess().stdout());
  }

  private Path policy(Path file, String weights) throws IOException {
    String shown = mesh.weft("policy", "show", "-o", "json").expectSuccess().stdout();
    var policy = (ObjectNode) JSON.readTree(shown);
    boolean load = weights.equals(BY_LOAD);
    for (JsonNode one : policy.path("weights")) {
      if (one.path("priorityClass").asText().endsWith("P4")) {
        ((ObjectNode) one)
            .put("capability", 0)
            .put("load", load ? 1 : 0)
            .put("latency", 0)
            .put("cost", load ? 0 : 1);
      }
    }
    return Files.writeString(file, policy.toString());
  }

  private static String ran(MeshClient client) {
    Task task = client.await(client.submit(shell("true")).getId(), PATIENCE);
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    return task.getWorkerId();
  }

  private String whySays(MeshClient client) {
    return whySays(client, shell("true").toBuilder());
  }

  private String whySays(MeshClient client, TaskSpec.Builder spec) {
    Task task = client.await(client.submit(spec.build()).getId(), PATIENCE);
    assertThat(task.getState()).as("%s", task).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    return mesh.weft("why", task.getId()).expectSuccess().stdout();
  }

  private static TaskSpec shell(String command) {
    return MeshClient.shellOn("cheap-01", "sh", "-c", command).toBuilder()
        .setPriorityClass(PriorityClass.PRIORITY_CLASS_P4)
        .build();
  }

  private static void awaitReady(MeshClient client, String... names) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .map(worker -> worker.getProfile().getName())
                    .toList()
                    .containsAll(List.of(names)));
  }
}
