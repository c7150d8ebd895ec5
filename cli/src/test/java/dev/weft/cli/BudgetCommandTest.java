package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft budget} as it is typed. */
class BudgetCommandTest {
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
  void whatIsLeftOfTheDayIsListed() {
    assertThat(rig.weft("budget", "list", "--all-tenants")).isZero();

    assertThat(rig.stdout())
        .containsPattern("TENANT +BUDGET A DAY +USED +RESERVED +LEFT +BEGINS ANEW")
        .containsPattern(
            "acme +5\\.000000 USD +1\\.250000 +0\\.500000 +3\\.250000 +2026-01-03T00:00:00Z");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("GET /v1/budgets?allTenants=true");
  }

  @Test
  void whatIsStillBeingCountedIsNotShownAsLeft() {
    ObjectNode budget = (ObjectNode) Samples.budgets("GET").path("budgets").get(0);
    budget.put("counting", true);

    assertThat(BudgetText.lines(List.of(budget)))
        .isEqualTo(
            "budget of acme: what is spent today is being counted; it begins anew at"
                + " 2026-01-03T00:00:00Z\n");
    assertThat(BudgetText.table(List.of(budget))).doesNotContain("3.250000");
  }

  @Test
  void oneIsSetAndTakenAway() throws IOException {
    assertThat(rig.weft("budget", "set", "acme", "5EUR")).isZero();
    assertThat(rig.stdout()).contains("acme");
    assertThat(rig.gateway().requests().getLast()).isEqualTo("PUT /v1/budgets/acme");

    assertThat(rig.weft("budget", "rm", "acme", "-o", "json")).isZero();
    assertThat(rig.gateway().requests().getLast()).isEqualTo("DELETE /v1/budgets/acme");
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("deleted").asText()).isEqualTo("acme");
  }

  @Test
  void oneInTokensStandsAloneOrBesideOneInMoney() throws IOException {
    assertThat(rig.weft("budget", "set", "acme", "--tokens", "7000")).isZero();
    assertThat(rig.gateway().sent()).isEqualTo(MeshApi.JSON.readTree("{\"dailyTokens\":\"7000\"}"));
    assertThat(rig.weft("budget", "set", "acme", "5EUR", "--tokens", "7000")).isZero();
    assertThat(rig.gateway().sent().path("dailyMicros").asText()).isEqualTo("5000000");
    assertThat(rig.gateway().sent().path("dailyTokens").asText()).isEqualTo("7000");

    ObjectNode budget = MeshApi.JSON.createObjectNode();
    budget.put("tenantId", "acme").put("resetTime", "2026-01-03T00:00:00Z");
    budget
        .putObject("tokens")
        .put("daily", "7000")
        .put("used", "1500")
        .put("reserved", "500")
        .put("left", "5000");
    assertThat(BudgetText.lines(List.of(budget)))
        .isEqualTo(
            "budget of acme: 5000 of 7000 tokens left today (used 1500, reserved 500); it begins"
                + " anew at 2026-01-03T00:00:00Z\n");
    assertThat(BudgetText.table(List.of(budget)))
        .containsPattern("acme +7000 tokens +1500 +500 +5000");
  }

  @Test
  void anAmountThatIsNoneIsRefusedBeforeAnythingIsAsked() {
    assertThat(rig.weft("budget", "set", "acme", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("AMOUNT: 0 (expected: at least 0.000001)");
    assertThat(rig.weft("budget", "set", "acme", "-5")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("budget", "set", "acme", "5dollars")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("budget", "set", "acme")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("AMOUNT: '' (expected: an amount, --tokens or both)");
    assertThat(rig.weft("budget", "set", "acme", "--tokens", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--tokens: 0 (expected: > 0)");
    assertThat(rig.weft("budget", "set", "acme", "5dollars")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("AMOUNT: 5dollars (expected: for example 0.05EUR");
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
