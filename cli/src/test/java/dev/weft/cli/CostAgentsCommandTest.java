package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft cost agents} as it is typed. */
class CostAgentsCommandTest {
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
  void everyProviderHasItsHourItsMonthAndItsFleetActiveAndHibernated() {
    assertThat(rig.weft("cost", "agents")).isZero();

    assertThat(rig.gateway().requests().getLast()).isEqualTo("GET /v1/costs:estimate");
    assertThat(rig.stdout())
        .startsWith(
            "100 agents: 0.5 vCPU, 1024 MB memory, 1024 MB workspace each; active 730 of 730 h a month\n")
        .contains("Price table 2026-10-16, dated 2026-10-16, us-east-1, USD\n")
        .containsPattern(
            "PROVIDER +SIZE +AGENT-HOUR +HIBERNATED HOUR +AGENT-MONTH +HIBERNATED MONTH +100 AGENTS +HIBERNATED 100 AGENTS")
        .containsPattern(
            "fargate-spot +0.5 vCPU, 1 GB +0.008614 +0.000032 +6.29 +0.02 +665.30 +38.80")
        .containsPattern("vps +s-1vcpu-2gb +0.016987 +0.000032 +12.40 +0.02 +1240.08 +2.30")
        .contains("ec2: no size holds one agent beside its system\n");
  }

  @Test
  void everyLineStandsApartWithATotalBelow() {
    assertThat(rig.weft("cost", "agents")).isZero();

    assertThat(rig.stdout())
        .containsPattern("100 AGENTS, A MONTH AS ASKED +fargate-spot +vps")
        .containsPattern("compute +540.60 +1200.00")
        .containsPattern("storage +2.30 +2.30")
        .containsPattern("log-ingest +35.64 +35.64")
        .containsPattern("nat-gateway \\(shared\\) +32.85 +0.00")
        .containsPattern("total +665.30 +1240.08");
  }

  @Test
  void thatOnlyComputeIsFreeWhileIdleIsSaidAndWhatHasNoPriceIsNamed() {
    assertThat(rig.weft("cost", "agents")).isZero();

    assertThat(rig.stdout())
        .contains("No price in this table, so not counted: log-storage\n")
        .contains("A hibernated agent costs no compute, and that alone is 0: its saved workspace");
  }

  @Test
  void everyOptionIsAskedInTheGatewaysUnits() {
    assertThat(
            rig.weft(
                "cost",
                "agents",
                "--cpu=0.25",
                "--memory=1.5G",
                "--agents=20",
                "--hours-per-day=8",
                "--workspace=100K",
                "--egress=0",
                "--logs=2M",
                "--log-months=3",
                "--nat-gateways=2",
                "--public-ipv4",
                "--provider=fargate,vps",
                "--region=us-east-1",
                "--prices=proposal-2026-01-31"))
        .isZero();

    assertThat(rig.gateway().requests().getLast())
        .isEqualTo(
            "GET /v1/costs:estimate?vcpuMillis=250&memoryMb=1536&agents=20&activeHoursPerDay=8"
                + "&workspaceMb=1&egressMbPerHour=0&logMbPerHour=2&logMonths=3&natGateways=2"
                + "&publicIpv4=true&region=us-east-1&priceTable=proposal-2026-01-31"
                + "&providers=fargate&providers=vps");
    assertThat(rig.weft("cost", "agents", "--hours", "160")).isZero();
    assertThat(rig.gateway().requests().getLast()).endsWith("?activeHoursPerMonth=160");
  }

  @Test
  void jsonIsTheGatewaysAnswer() throws IOException {
    assertThat(rig.weft("cost", "agents", "-o", "json")).isZero();

    JsonNode answer = MeshApi.JSON.readTree(rig.stdout());
    assertThat(answer).isEqualTo(Samples.estimate());
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeItIsSent() {
    assertThat(rig.weft("cost", "agents", "--cpu", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .isEqualTo("weft: --cpu: 0.0 (expected: more than 0, at most 1000000)\n");
    assertThat(rig.weft("cost", "agents", "--memory", "lots")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("cost", "agents", "--agents", "many")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
