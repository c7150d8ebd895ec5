package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft policy} as it is typed. */
class PolicyCommandTest {
  private static final String LOAD = "capability=0.1,load=0.6,latency=0.2,cost=0.1";

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
  void whatIsInForceIsShown() {
    assertThat(rig.weft("policy", "show")).isZero();

    assertThat(rig.stdout())
        .startsWith("policy standard-1, as configured; none was set\n")
        .containsPattern("CLASS +CAPABILITY +LOAD +LATENCY +COST")
        .containsPattern("P6 +0\\.400 +0\\.300 +0\\.200 +0\\.100")
        .containsPattern("llm +all +LEAST_CONNECTIONS")
        .containsPattern("others +all +COMPOSITE");
  }

  @Test
  void oneClassGetsItsWeightsAndTheRestStays() {
    assertThat(rig.weft("policy", "set", "--class", "P3", "--weights", LOAD, "--comment", "why"))
        .isZero();

    assertThat(rig.stdout())
        .isEqualTo("policy placement-1, set 2026-01-02T03:04:05Z by acme/ops: why\n");
    JsonNode change = rig.gateway().policies().changes().getFirst();
    assertThat(change.path("expectedVersion").asInt()).isZero();
    assertThat(change.path("requestId").asText()).isNotEmpty();
    assertThat(change.path("weights")).hasSize(7);
    assertThat(rig.weft("policy", "show")).isZero();
    assertThat(rig.stdout())
        .containsPattern("P3 +0\\.100 +0\\.600 +0\\.200 +0\\.100")
        .containsPattern("P2 +0\\.400 +0\\.300 +0\\.200 +0\\.100")
        .containsPattern("llm +all +LEAST_CONNECTIONS");
  }

  @Test
  void classesAreTypedInAnyCaseOfLetters() {
    assertThat(
            rig.weft(
                "policy",
                "set",
                "--class",
                "p3,P4",
                "--weights",
                LOAD,
                "--algorithm",
                "llm/p3=FIT"))
        .isZero();

    JsonNode change = rig.gateway().policies().changes().getFirst();
    assertThat(change.path("weights")).hasSize(7);
    assertThat(change.path("weights").findValuesAsText("priorityClass"))
        .endsWith("PRIORITY_CLASS_P3", "PRIORITY_CLASS_P4");
    assertThat(change.path("algorithms").findValuesAsText("priorityClass"))
        .endsWith("PRIORITY_CLASS_P3");
    assertThat(rig.weft("policy", "show")).isZero();
    assertThat(rig.stdout())
        .containsPattern("P3 +0\\.100 +0\\.600")
        .containsPattern("P4 +0\\.100 +0\\.600")
        .containsPattern("llm +P3 +FIT")
        .doesNotContain("PRIORITY_CLASS");
  }

  @Test
  void algorithmsTakeThePlaceOfThoseBefore() {
    assertThat(
            rig.weft(
                "policy",
                "set",
                "--algorithm",
                "llm=RESOURCE_BASED",
                "--algorithm",
                "shell/P3=ROUND_ROBIN"))
        .isZero();
    JsonNode rules = rig.gateway().policies().changes().getFirst().path("algorithms");
    assertThat(rules).hasSize(2);
    assertThat(rules.path(0).path("algorithm").asText()).isEqualTo("RESOURCE_BASED");
    assertThat(rules.path(1).path("priorityClass").asText()).isEqualTo("PRIORITY_CLASS_P3");

    assertThat(rig.weft("policy", "set", "--algorithm", "shell=COMPOSITE")).isZero();

    rules = rig.gateway().policies().changes().getLast().path("algorithms");
    assertThat(rules).hasSize(2);
    assertThat(rules.path(1).has("priorityClass")).isFalse();
  }

  @Test
  void anOldVersionIsSetAgain() {
    rig.weft("policy", "set", "--weights", LOAD);
    rig.weft("policy", "set", "--weights", "capability=1,load=0,latency=0,cost=0");

    assertThat(rig.weft("policy", "set", "--from", "1")).isZero();

    List<JsonNode> changes = rig.gateway().policies().changes();
    assertThat(changes.getLast().path("weights")).isEqualTo(changes.getFirst().path("weights"));
    assertThat(changes.getLast().path("expectedVersion").asInt()).isEqualTo(2);
    assertThat(rig.weft("policy", "history")).isZero();
    assertThat(rig.stdout())
        .containsPattern("VERSION +SET +BY +COMMENT\n3 +2026-01-02T03:04:05Z +acme/ops +-\n2 ");
    assertThat(rig.weft("policy", "show", "2")).isZero();
    assertThat(rig.stdout()).containsPattern("P0 +1\\.000 +0\\.000");
  }

  @Test
  void aFileThatWasShownIsSetAndAnOldOneIsRefused() throws IOException {
    rig.weft("policy", "set", "--weights", LOAD);
    assertThat(rig.weft("policy", "show", "-o", "json")).isZero();
    Path file = Files.writeString(home.resolve("policy.json"), rig.stdout());

    assertThat(rig.weft("policy", "set", "--file", file.toString())).isZero();
    assertThat(rig.weft("policy", "set", "--file", file.toString())).isEqualTo(ExitCodes.FAILED);

    assertThat(rig.stderr())
        .isEqualTo("weft: POLICY_CHANGED: expected_version: 1 (expected: 2, which is in force)\n");
    ObjectNode unversioned = (ObjectNode) MeshApi.JSON.readTree(file.toFile());
    Files.writeString(file, unversioned.without("version").toString());
    assertThat(rig.weft("policy", "set", "--file", file.toString(), "-o", "json")).isZero();
    assertThat(MeshApi.JSON.readTree(rig.stdout()).path("version").asInt()).isEqualTo(3);
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeItIsSent() throws IOException {
    Path odd = Files.writeString(home.resolve("odd.json"), "{\"weight\": []}");
    Map<List<String>, String> wrong =
        Map.of(
            List.of(), "policy set: nothing (expected: --weights, ",
            List.of("--class", "P3"), "--class: P3 (expected: together with --weights)",
            List.of("--class", "P9", "--weights", LOAD), "--class: P9 (expected: P0..P6)",
            List.of("--weights", "load=1"), "--weights: load=1 (expected: all of capability=, ",
            List.of("--weights", "speed=1"), "--weights: speed=1 (expected: each once of ",
            List.of("--weights", "load=much"), "--weights: load=much (expected: a number, like ",
            List.of("--algorithm", "shell"), "--algorithm: shell (expected: EXECUTOR=ALGORITHM",
            List.of("--file", odd.toString()), "--file: weight (expected: weights or algorithms)",
            List.of("--file", "nowhere.json"), "--file: nowhere.json (expected: a file that ",
            List.of("--from", "-1"), "--from: -1 (expected: 1 or more)");
    wrong.forEach(
        (options, words) -> {
          String[] typed = new String[options.size() + 2];
          typed[0] = "policy";
          typed[1] = "set";
          for (int i = 0; i < options.size(); i++) {
            typed[i + 2] = options.get(i);
          }
          assertThat(rig.weft(typed)).as(options.toString()).isEqualTo(ExitCodes.USAGE);
          assertThat(rig.stderr()).contains(words);
        });
    assertThat(rig.gateway().requests()).isEmpty();
  }
}
