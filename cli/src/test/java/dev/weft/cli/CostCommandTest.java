package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft cost} as it is typed. */
class CostCommandTest {
  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void eachCurrencyHasItsLineAndWhatHasNoPriceIsSaid() {
    assertThat(rig.weft("cost")).isZero();

    assertThat(rig.stdout())
        .containsPattern(
            "TENANT +TASKS +ATTEMPTS +RUN TIME +COST +OF TIME +OF TOKENS +UNPRICED +TOKENS IN +TOKENS OUT")
        .containsPattern("acme +3 +4 +6.250s +0.004340 USD +0.004000 +0.000340 +0 +1200 +80")
        .containsPattern("acme +1 +2 +1s +unknown +- +- +2")
        .contains(
            "2 attempts have no known cost: no price in the profile of laptop\n"
                + "200 tokens in, 30 out have no known cost: their models had no price, for example"
                + " unheard\n")
        .endsWith(
            "budget of acme: 3.250000 of 5.000000 USD left today (used 1.250000, reserved"
                + " 0.500000); it begins anew at 2026-01-03T00:00:00Z\n");
    assertThat(rig.gateway().requests()).containsExactly("GET /v1/costs?pageSize=100&by=tenant");
  }

  @Test
  void theRangeIsSentAsTimes() {
    assertThat(
            rig.weft(
                "cost",
                "task",
                FakeGateway.TASK,
                "--since",
                "2026-01-02T03:04:05Z",
                "--until",
                "1h30m",
                "--limit",
                "5"))
        .isZero();

    assertThat(rig.gateway().requests().getLast())
        .startsWith("GET /v1/costs?pageSize=5&by=task&taskId=" + FakeGateway.TASK)
        .contains("&since=2026-01-02T03%3A04%3A05Z&until=20");
  }

  @Test
  void jsonIsTheGatewaysAnswerWithItsBudgets() throws IOException {
    assertThat(rig.weft("cost", "worker", "--all-tenants", "-o", "json")).isZero();

    JsonNode answer = MeshApi.JSON.readTree(rig.stdout());
    assertThat(answer.path("costLines")).hasSize(2);
    assertThat(answer.path("costLines").get(0).path("tokenCost").path("micros").asText())
        .isEqualTo("340");
    assertThat(answer.path("budgets").get(0).path("left").path("micros").asText())
        .isEqualTo("3250000");
    assertThat(rig.gateway().requests().getLast()).endsWith("&allTenants=true");
  }

  @Test
  void getShowsATasksCostSoFar() {
    assertThat(rig.weft("get", FakeGateway.TASK)).isZero();

    assertThat(rig.stdout()).containsPattern("cost +0.004340 USD \\+ unknown for 2 attempts");
    assertThat(rig.gateway().requests().getLast())
        .startsWith("GET /v1/costs?")
        .contains("by=task", "taskId=" + FakeGateway.TASK);
  }

  @Test
  void getShowsWhatATaskUsedOfModels() {
    ObjectNode task = FakeGateway.task("TASK_STATE_RUNNING", 1, "", "");
    task.putArray("modelTokens")
        .addObject()
        .put("model", "small")
        .put("inputTokens", "1200")
        .put("outputTokens", "80");
    rig.gateway().task(task);

    assertThat(rig.weft("get", FakeGateway.TASK)).isZero();

    assertThat(rig.stdout()).containsPattern("tokens +small: 1200 in, 80 out\n");
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeItIsSent() {
    assertThat(rig.weft("cost", "month")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .isEqualTo("weft: cost by: month (expected: task, tenant, worker, day or class)\n");
    assertThat(rig.weft("cost", "day", "--since", "soon")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .isEqualTo(
            "weft: --since: soon (expected: a time in UTC like 2026-01-02T03:04:05Z, or how long ago: 30s, 5m, 2h, 7d)\n");
    assertThat(rig.weft("cost", "day", "--until", "99999999999999999999d"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("cost", "day", FakeGateway.TASK)).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("(expected: a task's id only after task)");
    assertThat(rig.weft("cost", "--limit", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
