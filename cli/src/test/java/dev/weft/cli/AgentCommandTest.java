package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's life as it is typed. */
class AgentCommandTest {
  private static final String OTHER = "agt_01k0000000000000000000000b";

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
  void spawnSendsWhatItIsToBeAndPrintsItsId() {
    int code =
        rig.weft(
            "agent",
            "spawn",
            "--name",
            "scout",
            "--cap",
            "CODING:0.8",
            "--gpu",
            "--region",
            "eu",
            "--queue",
            "long",
            "--class",
            "p2",
            "--cpu",
            "0.5",
            "--memory",
            "1G",
            "--idle",
            "90s",
            "--network",
            "--env",
            "A=b=c");

    assertThat(code).as(rig.stderr()).isZero();
    assertThat(rig.stdout()).isEqualTo(FakeAgents.FIRST + "\n");
    JsonNode spec = rig.gateway().agents().spawned().getFirst().path("spec");
    assertThat(spec.path("displayName").asText()).isEqualTo("scout");
    assertThat(spec.path("requirements").toString())
        .isEqualTo(
            "{\"capabilities\":[{\"name\":\"CODING\",\"minProficiency\":0.8}],\"region\":\"eu\",\"gpus\":1}");
    assertThat(spec.path("resources").toString())
        .isEqualTo("{\"cpuMilli\":500,\"memoryBytes\":\"1073741824\"}");
    assertThat(spec.path("priorityClass").asText()).isEqualTo("PRIORITY_CLASS_P2");
    assertThat(spec.path("queue").asText()).isEqualTo("long");
    assertThat(spec.path("idleTimeout").asText()).isEqualTo("90s");
    assertThat(spec.path("networkAccess").asText()).isEqualTo("NETWORK_ACCESS_OPEN");
    assertThat(spec.path("environment").toString()).isEqualTo("{\"A\":\"b=c\"}");
  }

  @Test
  void aDirectoryBecomesItsWorkspace() throws Exception {
    Path folder = Files.createDirectory(home.resolve("project"));
    Files.writeString(folder.resolve("a.txt"), "a");

    assertThat(rig.weft("agent", "spawn", "--dir", folder.toString())).as(rig.stderr()).isZero();

    JsonNode spec = rig.gateway().agents().spawned().getFirst().path("spec");
    assertThat(spec.path("workspaceArtifact").asText()).startsWith("art_");
    assertThat(rig.stderr()).contains("1 files");
  }

  @Test
  void spawnWaitsUntilItRunsAndSaysSo() {
    rig.gateway().agents().become("PENDING", "PROVISIONING", "RUNNING");

    assertThat(rig.weft("agent", "spawn", "--wait")).isZero();

    assertThat(rig.stderr()).isEqualTo("waking your agent ☕ …\n");
    assertThat(rig.stdout()).isEqualTo(FakeAgents.FIRST + "\n");
  }

  @Test
  void anAgentThatStartsIsShownWithItsPhaseAndWhatSuchStartsTook() throws Exception {
    JsonNode agent =
        MeshApi.JSON.readTree(
            """
            {"agentId": "agt_1", "state": "AGENT_STATE_WAKING",
             "start": {"phase": "START_PHASE_PREPARING", "beganAt": "2026-11-22T12:00:00Z",
                       "usual": "0.800s", "latest": "3s", "starts": 12}}
            """);

    String card = AgentText.card(new AgentView(agent), WorkerNames.of(List.of())).render();

    assertThat(card)
        .contains("PREPARING since 2026-11-22T12:00:00Z, usually 0.8 s, nine of ten within 3.0 s");
  }

  @Test
  void anIdleAgentsSleepIsAnnounced() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING");
    agents()
        .agent(FakeAgents.FIRST)
        .putObject("idle")
        .put("since", "2026-11-22T12:00:00Z")
        .put("hibernatesAt", "2026-11-22T12:15:00Z");

    assertThat(rig.weft("agent", "list")).as(rig.stderr()).isZero();
    assertThat(rig.stdout()).contains("SLEEPS", "2026-11-22T12:15:00Z");
    assertThat(rig.weft("agent", "show", "scout")).as(rig.stderr()).isZero();
    assertThat(rig.stdout()).contains("since 2026-11-22T12:00:00Z, sleeps at 2026-11-22T12:15:00Z");
  }

  @Test
  void anAgentThatCanNotRunEndsTheWait() {
    rig.gateway().agents().become("PROVISIONING", "FAILED");

    assertThat(rig.weft("agent", "spawn", "--wait")).isEqualTo(ExitCodes.FAILED);

    assertThat(rig.stderr()).contains("agent " + FakeAgents.FIRST + " is FAILED");
  }

  @Test
  void aNameIsAsGoodAsAnIdWhileItIsTheOnlyOne() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING").add(OTHER, "scout", "TERMINATED");

    assertThat(rig.weft("agent", "hibernate", "scout")).as(rig.stderr()).isZero();

    assertThat(agents().steered()).containsExactly("hibernate " + FakeAgents.FIRST + " {}");
    assertThat(rig.stdout()).isEqualTo(FakeAgents.FIRST + " RUNNING\n");
  }

  @Test
  void aNameThatTwoHaveIsRefusedWithTheirIds() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING").add(OTHER, "scout", "HIBERNATED");

    assertThat(rig.weft("agent", "kill", "scout")).isEqualTo(ExitCodes.FAILED);

    assertThat(rig.stderr()).contains("scout is the name of 2", FakeAgents.FIRST, OTHER);
    assertThat(agents().steered()).isEmpty();
  }

  @Test
  void anUnknownNameAndAnUnknownIdAreNotFound() {
    assertThat(rig.weft("agent", "show", "nobody")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(rig.stderr()).contains("agent: nobody (expected: an id, agt_…, or an agent's name)");
    assertThat(rig.weft("agent", "show", OTHER)).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(rig.stderr()).contains("AGENT_NOT_FOUND");
  }

  @Test
  void killTellsWhyAndWakeWaits() {
    agents().add(FakeAgents.FIRST, "scout", "HIBERNATED");
    agents().become("WAKING", "RUNNING");

    assertThat(rig.weft("agent", "wake", "--wait", FakeAgents.FIRST)).isZero();
    assertThat(rig.stdout()).isEqualTo(FakeAgents.FIRST + " RUNNING\n");
    assertThat(rig.weft("agent", "kill", FakeAgents.FIRST, "--reason", "done")).isZero();

    assertThat(agents().steered())
        .containsExactly(
            "wake " + FakeAgents.FIRST + " {}",
            "terminate " + FakeAgents.FIRST + " {\"reason\":\"done\"}");
  }

  @Test
  void listShowsOpenOnesUnlessAllAreAskedFor() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING").add(OTHER, "old", "TERMINATED");

    rig.weft("agent", "list");
    assertThat(rig.stdout()).contains("scout", "RUNNING", "gpu-tokyo-01").doesNotContain(OTHER);
    rig.weft("agent", "list", "--all");
    assertThat(rig.stdout()).contains(FakeAgents.FIRST, OTHER);
  }

  @Test
  void listAndShowTellWhatAnAgentHasCost() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING").add(OTHER, "new", "PENDING");
    ObjectNode cost = agents().agent(FakeAgents.FIRST).putObject("cost").put("incomplete", true);
    cost.putArray("amounts").addObject().put("currencyCode", "USD").put("micros", "4150");

    rig.weft("agent", "list");
    assertThat(rig.stdout()).contains("COST", "0.004150 USD + time without a price");
    rig.weft("agent", "show", "scout");
    assertThat(rig.stdout()).containsPattern("cost so far +0.004150 USD");
    rig.weft("agent", "show", "new");
    assertThat(rig.stdout()).doesNotContain("cost so far");
  }

  @Test
  void snapshotShowsTheDigestAndHowToGetTheFiles() {
    agents().add(FakeAgents.FIRST, "scout", "HIBERNATED");
    assertThat(rig.weft("agent", "snapshot", "--last", "scout")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(agents().steered()).isEmpty();
    agents()
        .agent(FakeAgents.FIRST)
        .putObject("snapshot")
        .put("artifactId", "art_1")
        .put("manifestDigest", new byte[] {(byte) 0xab, 1})
        .put("paths", 3);

    assertThat(rig.weft("agent", "snapshot", "scout")).isZero();

    assertThat(rig.stdout()).contains("sha256:ab01", "weft artifacts get --unpack DIR art_1");
    assertThat(agents().steered().getFirst())
        .matches("snapshot " + FakeAgents.FIRST + " \\{\"requestId\":\"[0-9a-f-]{36}\"}");
    assertThat(rig.weft("agent", "snapshot", "--last", "scout")).isZero();
    assertThat(agents().steered()).hasSize(1);
  }

  @Test
  void forkPrintsTheNewOneAndShowSaysWhereItComesFrom() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING");

    assertThat(rig.weft("agent", "fork", "scout", "--name", "twin")).isZero();

    assertThat(rig.stdout()).isEqualTo(FakeAgents.FORK + "\n");
    assertThat(agents().steered().getFirst())
        .startsWith("fork " + FakeAgents.FIRST)
        .contains("\"displayName\":\"twin\"");
    assertThat(rig.weft("agent", "show", "twin")).isZero();
    assertThat(rig.stdout()).containsPattern("forked from +" + FakeAgents.FIRST);
  }

  @Test
  void memoryIsSetReadListedAndForgotten() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING");
    assertThat(rig.weft("agent", "memory", "scout", "set", "plan", "go on")).isZero();

    assertThat(rig.weft("agent", "memory", "scout", "get", "plan")).isZero();
    assertThat(rig.stdout()).isEqualTo("go on");
    assertThat(rig.weft("agent", "memory", "scout", "list")).isZero();
    assertThat(rig.stdout()).contains("plan");
    assertThat(rig.weft("agent", "memory", "scout", "rm", "plan")).isZero();
    assertThat(rig.weft("agent", "memory", "scout", "get", "plan")).isNotZero();
    for (String[] wrong :
        new String[][] {{"forget", "plan"}, {"list", "plan"}, {"get"}, {"get", "a", "b"}}) {
      List<String> line = new ArrayList<>(List.of("agent", "memory", "scout"));
      line.addAll(List.of(wrong));
      assertThat(rig.weft(line.toArray(String[]::new))).as("%s", line).isEqualTo(ExitCodes.USAGE);
    }
  }

  @Test
  void attachNeedsATerminal() {
    agents().add(FakeAgents.FIRST, "scout", "RUNNING");

    assertThat(rig.weft("agent", "attach", "scout")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("attach: no terminal");
    assertThat(rig.weft("agent", "spawn", "--attach")).isEqualTo(ExitCodes.USAGE);
    assertThat(agents().spawned()).as("nothing is made before that is known").isEmpty();
  }

  private FakeAgents agents() {
    return rig.gateway().agents();
  }
}
