package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Budget;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nobody pays more for a task than its submitter said. */
@ExtendWith(SharedMesh.class)
class BudgetIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The local mesh's only one. */
  private static final String TENANT = "local";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A micro per millisecond. */
  private static final long PRICE = 3_600_000L;

  private final LocalMesh mesh;

  BudgetIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aTaskIsKilledBeforeItCostsMoreThanItsBudgetAndSaysSo(@TempDir Path directory)
      throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "capped-01").price(PRICE, "CHF").start()) {
      awaitReady(client, "capped-01");
      String id =
          client
              .submit(
                  MeshClient.shellOn("capped-01", "sh", "-c", "sleep 600").toBuilder()
                      .setBudget(Budget.newBuilder().setMicros(4_000).setCurrencyCode("CHF"))
                      .build())
              .getId();

      Task task = client.await(id, PATIENCE);

      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(task.getEndedAttemptsList()).hasSize(1);
      assertThat(mesh.weft("get", id).expectSuccess().stdout())
          .contains("BUDGET_EXHAUSTED")
          .contains("budget: 0.004000 CHF, of which 0.003");
      assertThat(cost(id).path("cost").path("micros").asLong()).isBetween(3_000L, 4_000L);
      String next = client.submit(MeshClient.shellOn("capped-01", "true")).getId();
      assertThat(client.await(next, PATIENCE).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    }
  }

  @Test
  void aTaskIsKilledWhenItHasReportedAsManyTokensAsItMayAndWhatItUsedIsSeen() throws IOException {
    String call =
        "echo '{\"model\":\"small\",\"inputTokens\":300,\"outputTokens\":50}' >> \"$WEFT_USAGE\";"
            + " sleep 1; ";
    try (MeshClient client = mesh.client()) {
      String id =
          mesh.weft(
                  "submit",
                  "--budget-tokens",
                  "1000",
                  "--shell",
                  "--",
                  call.repeat(3) + "sleep 600")
              .expectSuccess()
              .stdout()
              .strip();

      Task task = client.await(id, PATIENCE);

      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(task.getProblem().getReason()).isEqualTo("BUDGET_EXHAUSTED");
      assertThat(task.getProblem().getMetadataMap())
          .containsEntry("scope", "tokens")
          .containsEntry("spent", "1050");
      assertThat(task.getEndedAttemptsList()).hasSize(1);
      assertThat(mesh.weft("get", id).expectSuccess().stdout())
          .contains("small: 900 in, 150 out")
          .contains("budget: 1000 tokens of models; its 1 attempts have used 1050");
      JsonNode line = cost(id);
      assertThat(line.path("inputTokens").asLong()).isEqualTo(900);
      assertThat(line.path("outputTokens").asLong()).isEqualTo(150);
    }
  }

  @Test
  void aTaskWaitsForAPriceInItsCurrencyAndWhySaysSo(@TempDir Path directory) {
    try (MeshClient client = mesh.client();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "capped-02").price(PRICE, "CHF").start()) {
      awaitReady(client, "capped-02");
      String id =
          client
              .submit(
                  MeshClient.shellOn("capped-02", "true").toBuilder()
                      .setBudget(Budget.newBuilder().setMicros(4_000).setCurrencyCode("EUR"))
                      .build())
              .getId();

      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(mesh.weft("why", id).expectSuccess().stdout())
                      .contains("PRICE")
                      .contains("a price in CHF (needed: one in EUR)"));
      assertThat(mesh.weft("cancel", id).exitCode()).isZero();
    }
  }

  @Test
  void aTenantsDayEndsWhatItCannotPayAndTheRestWaitsAlsoAfterThePlacersDeath(
      @TempDir Path directory) throws IOException {
    try (MeshClient client = mesh.client();
        ExtraProcess _ =
            new ExtraWorker(mesh, directory, "capped-03").price(PRICE, "CHF").start()) {
      awaitReady(client, "capped-03");
      long before = spentToday();
      set(before + 12_000);
      String first = client.submit(sleeping()).getId();

      Task ended = client.await(first, PATIENCE);

      assertThat(ended.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
      assertThat(mesh.weft("get", first).expectSuccess().stdout())
          .contains("BUDGET_EXHAUSTED")
          .contains("the tenant's budget: ");
      assertThat(spentToday()).isBetween(before + 9_000, before + 12_000);

      String second = client.submit(sleeping()).getId();
      awaitWhy(second, "which is too little for it; it begins anew at 20");
      mesh.process(Placers.of(mesh).holder()).kill();
      awaitWhy(second, "which is too little for it; it begins anew at 20");
      assertThat(mesh.weft("cost").expectSuccess().stdout())
          .contains("budget of " + TENANT + ": 0.");
      assertThat(spentToday()).isBetween(before + 9_000, before + 12_000);

      mesh.weft("budget", "rm", TENANT).expectSuccess();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> client.get(second).getState() == TaskState.TASK_STATE_RUNNING);
      client.cancel(second);
    } finally {
      // The other tests share the mesh.
      mesh.weft("budget", "rm", TENANT);
    }
  }

  private JsonNode cost(String task) throws IOException {
    return JSON.readTree(mesh.weft("cost", "task", task, "-o", "json").expectSuccess().stdout())
        .path("costLines")
        .get(0);
  }

  @Test
  void tokensCostMoneyAndATenantsBudgetInTokensStopsWhatRunsAndHoldsBackTheRest()
      throws IOException {
    mesh.weft("price", "set", "e2e/dear", "--in", "1000000", "--out", "0", "--currency", "SEK")
        .expectSuccess();
    try (MeshClient client = mesh.client()) {
      String id = client.submit(calling("e2e/dear", 3, "true")).getId();
      assertThat(client.await(id, PATIENCE).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      JsonNode inSek = line(id, "SEK");
      assertThat(inSek.path("tokenCost").path("amount").asText()).isEqualTo("3.000000");
      assertThat(inSek.path("cost").path("amount").asText()).isEqualTo("3.000000");
      assertThat(mesh.weft("get", id).expectSuccess().stdout()).contains("3.000000 SEK");
      String unpriced = client.submit(calling("e2e/unheard", 2, "true")).getId();
      assertThat(client.await(unpriced, PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(mesh.weft("cost", "task", unpriced).expectSuccess().stdout())
          .contains("2 tokens in, 0 out have no known cost", "e2e/unheard");

      long used = tokensToday();
      mesh.weft("budget", "set", TENANT, "--tokens", Long.toString(used + 500)).expectSuccess();
      String stopped = client.submit(calling("e2e/unheard", 900, "sleep 600")).getId();
      assertThat(client.await(stopped, PATIENCE).getProblem().getMetadataMap())
          .containsEntry("scope", "tenant_tokens");
      String waiting = client.submit(MeshClient.shell("true")).getId();
      awaitWhy(waiting, "tokens of models a day has 0 left");
      assertThat(mesh.weft("cost", "-o", "json").expectSuccess().stdout())
          .contains("\"tokens\"", "\"left\"");
      mesh.weft("budget", "rm", TENANT).expectSuccess();
      assertThat(client.await(waiting, PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    } finally {
      // The other tests share the mesh.
      mesh.weft("budget", "rm", TENANT);
      mesh.weft("price", "rm", "e2e/dear");
    }
  }

  private static TaskSpec calling(String model, int tokens, String then) {
    return MeshClient.shell(
        "sh",
        "-c",
        "echo '{\"model\":\"%s\",\"inputTokens\":%d}' >> \"$WEFT_USAGE\"; %s"
            .formatted(model, tokens, then));
  }

  private JsonNode line(String task, String currency) throws IOException {
    JsonNode answer =
        JSON.readTree(mesh.weft("cost", "task", task, "-o", "json").expectSuccess().stdout());
    for (JsonNode line : answer.path("costLines")) {
      if (line.path("cost").path("currencyCode").asText().equals(currency)) {
        return line;
      }
    }
    throw new AssertionError("no line in " + currency + ": " + answer);
  }

  /** A budget counts them all, also those of other tests. */
  private long tokensToday() throws IOException {
    mesh.weft("budget", "set", TENANT, "--tokens", "1000000000").expectSuccess();
    Awaitility.await().atMost(PATIENCE).until(() -> !budget().path("counting").asBoolean());
    return budget().path("tokens").path("used").asLong();
  }

  private JsonNode budget() throws IOException {
    return JSON.readTree(mesh.weft("budget", "list", "-o", "json").expectSuccess().stdout()).get(0);
  }

  private static TaskSpec sleeping() {
    return MeshClient.shellOn("capped-03", "sh", "-c", "sleep 600");
  }

  private void set(long micros) {
    String amount = new BigDecimal(micros).movePointLeft(6).toPlainString();
    mesh.weft("budget", "set", TENANT, amount + "CHF").expectSuccess();
  }

  private void awaitWhy(String id, String words) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(mesh.weft("why", id).expectSuccess().stdout()).contains(words));
  }

  /** In CHF, as costs are computed. */
  private long spentToday() throws IOException {
    String since = LocalDate.now(ZoneOffset.UTC).atStartOfDay() + ":00Z";
    JsonNode lines =
        JSON.readTree(
            mesh.weft("cost", "tenant", "--since", since, "-o", "json").expectSuccess().stdout());
    for (JsonNode line : lines.path("costLines")) {
      if (line.path("cost").path("currencyCode").asText().equals("CHF")) {
        assertThat(line.path("key").asText()).isEqualTo(TENANT);
        return line.path("cost").path("micros").asLong();
      }
    }
    return 0;
  }

  @Test
  void aBudgetThatIsNoneIsRefusedAndNamed() {
    assertThat(mesh.weft("run", "--budget", "0.05DOLLARS", "--", "true").stderr())
        .contains("--budget: 0.05DOLLARS (expected: ");
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
