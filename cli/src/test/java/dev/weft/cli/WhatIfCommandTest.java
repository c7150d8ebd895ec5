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

/** {@code weft whatif} as it is typed. */
class WhatIfCommandTest {
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
  void whatHappenedStandsBesideTheReplayTheProposalAndTheReplaysError() {
    assertThat(rig.weft("whatif", "--workers", "2")).isZero();

    assertThat(rig.stdout())
        .startsWith("3 of your tasks, accepted from 2026-01-02T03:04:05Z to 2026-01-02T04:04:05Z\n")
        .containsPattern("REALLY +REPLAYED +PROPOSED")
        .containsPattern("policy +placement-7 +placement-7 +proposal")
        .containsPattern("workers +1 +1 +2")
        .containsPattern(
            "deadlines met +1 of 3 \\(33.3 %\\) +1 of 3 \\(33.3 %\\) +2 of 3 \\(66.7 %\\)")
        .containsPattern("waiting p99 +38s +37.500s +18s")
        .containsPattern("cost +0.016667 USD +unknown for 2 attempts +0")
        .containsPattern(
            "cost of the fleet +0.016667 USD \\+ unknown for 1 worker +unknown +unknown")
        .contains("waiting off by 0.250s and latency by 0.300s on average, deadlines met off by -1")
        .contains("2 of 3 tasks on the same worker")
        .endsWith("Note: only your own tasks are replayed\n");
    assertThat(rig.stdout().lines().count()).as("one screen").isLessThan(25);
    assertThat(rig.gateway().requests().getLast()).isEqualTo("POST /v1/placement:replay");
  }

  @Test
  void theProposalIsSentAsItIsTyped() throws IOException {
    assertThat(
            rig.weft(
                "whatif",
                "--since",
                "2026-01-02T03:04:05Z",
                "--until",
                "2026-01-02T04:04:05Z",
                "--weights",
                "capability=0.2,load=0.6,latency=0.1,cost=0.1",
                "--algorithm",
                "ROUND_ROBIN",
                "--add-worker",
                "CODING=0.9,REVIEW,like=laptop,count=2",
                "--add-worker",
                "OCR"))
        .isZero();

    JsonNode expected =
        MeshApi.JSON.readTree(
            """
            {"since": "2026-01-02T03:04:05Z", "until": "2026-01-02T04:04:05Z",
             "weights": [{"capability": 0.2, "load": 0.6, "latency": 0.1, "cost": 0.1}],
             "algorithm": "ROUND_ROBIN",
             "addedWorkers": [
               {"count": 2, "capabilities": {"CODING": 0.9, "REVIEW": 1.0}, "like": "laptop"},
               {"count": 1, "capabilities": {"OCR": 1.0}}]}
            """);
    assertThat(rig.gateway().replayed().getLast()).isEqualTo(expected);
  }

  @Test
  void capabilityMayBeCalledFit() {
    assertThat(rig.weft("whatif", "--weights", "load=0.6, fit=0.2,latency=0.1,cost=0.1")).isZero();

    assertThat(rig.gateway().replayed().getLast().at("/weights/0/capability").asDouble())
        .isEqualTo(0.2);
  }

  @Test
  void jsonIsTheGatewaysAnswer() throws IOException {
    assertThat(rig.weft("whatif", "-o", "json")).isZero();

    assertThat(MeshApi.JSON.readTree(rig.stdout())).isEqualTo(Samples.replay());
    assertThat(rig.gateway().replayed().getLast()).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeItIsSent() {
    assertThat(rig.weft("whatif", "--workers", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).isEqualTo("weft: --workers: 0 (expected: 1 or more)\n");
    assertThat(rig.weft("whatif", "--weights", "capability=1,load=0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr())
        .contains("capability=1,load=0 (expected: all of capability=, load=, latency=, cost=)");
    assertThat(rig.weft("whatif", "--since", "soon")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("whatif", "--add-worker", "CODING=much")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("whatif", "--add-worker", "CODING,count=0")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
