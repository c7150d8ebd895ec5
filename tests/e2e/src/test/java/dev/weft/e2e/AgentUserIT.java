package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.AgentDoor;
import dev.weft.e2e.mesh.AgentSocket;
import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.PseudoTerminal;
import dev.weft.e2e.mesh.RunningCommand;
import dev.weft.e2e.mesh.SharedMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A person at a shell, with an agent. */
@ExtendWith(SharedMesh.class)
class AgentUserIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;

  AgentUserIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void anAgentIsSpawnedUsedPutToSleepWokenAndKilledByItsName(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("note.txt"), "from here\n");
    String id =
        mesh.weft(
                "agent",
                "spawn",
                "--name",
                "scout",
                "--dir",
                directory.toString(),
                "--env",
                "GREETING=hello",
                "--wait")
            .expectSuccess()
            .stdout()
            .strip();
    assertThat(id).startsWith("agt_");

    Command exec =
        mesh.weft(
            "agent",
            "exec",
            "scout",
            "--id",
            "one",
            "--",
            "sh",
            "-c",
            "cat note.txt; echo $GREETING >&2; echo made > made; exit 3");
    assertThat(exec.exitCode()).isEqualTo(3);
    assertThat(exec.stdout()).isEqualTo("from here\n");
    assertThat(exec.stderr()).isEqualTo("hello\n");
    assertThat(mesh.weft("agent", "list").expectSuccess().stdout()).contains(id, "scout");
    Command logs = mesh.weft("agent", "logs", "scout").expectSuccess();
    assertThat(logs.stdout()).isEqualTo("from here\n");
    assertThat(logs.stderr()).contains("one began", "hello\n", "one ended with 3");

    mesh.weft("agent", "hibernate", "scout").expectSuccess();
    new AgentDoor(mesh).await(id, "HIBERNATED");

    assertThat(mesh.weft("agent", "snapshot", "scout").expectSuccess().stdout())
        .contains("sha256:", "weft artifacts get --unpack DIR art_");
    Command woken = mesh.weft("agent", "exec", "scout", "--", "cat", "made");
    assertThat(woken.stdout()).isEqualTo("made\n");
    assertThat(woken.stderr()).isEqualTo("waking your agent ☕ …\n");
    Command known = mesh.weft("agent", "exec", "scout", "--id", "one", "--", "sh", "-c", "other");
    assertThat(known.exitCode()).isEqualTo(125);
    assertThat(known.stderr()).contains("COMMAND_ID_REUSED");

    assertThat(mesh.weft("agent", "kill", "scout", "--reason", "done").expectSuccess().exitCode())
        .isZero();
    new AgentDoor(mesh).await(id, "TERMINATED");
    assertThat(mesh.weft("agent", "list").expectSuccess().stdout()).doesNotContain(id);
    assertThat(mesh.weft("agent", "show", id).expectSuccess().stdout()).contains("TERMINATED");
    assertThat(mesh.weft("agent", "exec", "scout", "--", "true").stderr()).contains("AGENT_OVER");
  }

  @Test
  void aForkBeginsWithTheWorkspaceAsItIsAndBothGoOnAlone() {
    String id = mesh.weft("agent", "spawn", "--name", "first", "--wait").expectSuccess().stdout();
    mesh.weft("agent", "exec", "first", "--", "sh", "-c", "echo one > f").expectSuccess();
    mesh.weft("agent", "memory", "first", "set", "plan", "remembered").expectSuccess();
    AgentDoor door = new AgentDoor(mesh);
    try (AgentSocket terminal = door.attach(0, id.strip(), "")) {
      terminal.awaitState("RUNNING");
      terminal.type("echo shown-$((6*7))\n");
      terminal.await("its answer", _ -> terminal.terminal().contains("shown-42"));
    }
    try (RunningCommand busy =
        mesh.weftInBackground(
            "agent", "exec", "first", "--", "sh", "-c", "echo two > f; echo up; sleep 600")) {
      busy.awaitStdout("up", PATIENCE);

      assertThat(mesh.weft("agent", "snapshot", "first").expectSuccess().stdout())
          .contains("sha256:", "weft artifacts get --unpack DIR art_");
      String twin =
          mesh.weft("agent", "fork", "first", "--name", "twin", "--wait").expectSuccess().stdout();

      assertThat(mesh.weft("agent", "exec", "twin", "--", "cat", "f").expectSuccess().stdout())
          .isEqualTo("two\n");
      try (AgentSocket terminal = door.attach(0, twin.strip(), "")) {
        terminal.await("what the first showed", _ -> terminal.terminal().contains("shown-42"));
        terminal.type("echo own-$((6*7))\n");
        terminal.await("its own terminal", _ -> terminal.terminal().contains("own-42"));
        assertThat(terminal.frames()).noneMatch(frame -> frame.type().equals("gap"));
      }
      assertThat(mesh.weft("agent", "show", twin.strip()).expectSuccess().stdout())
          .contains(id.strip());
      assertThat(mesh.weft("agent", "memory", "twin", "get", "plan").expectSuccess().stdout())
          .isEqualTo("remembered");
      assertThat(
              mesh.weft("agent", "exec", "twin", "--", "sh", "-c", "cat $WEFT_MEMORY/plan")
                  .expectSuccess()
                  .stdout())
          .isEqualTo("remembered");
      mesh.weft("agent", "exec", "twin", "--", "sh", "-c", "echo three > f").expectSuccess();
      assertThat(mesh.weft("agent", "exec", "first", "--", "cat", "f").expectSuccess().stdout())
          .isEqualTo("two\n");
      assertThat(mesh.weft("agent", "list").expectSuccess().stdout()).contains("first", "twin");
    }
    mesh.weft("agent", "kill", "first").expectSuccess();
    mesh.weft("agent", "kill", "twin").expectSuccess();
  }

  @Test
  void filesAreCopiedInAndOutAlsoOfAnAgentThatSleeps(@TempDir Path directory) throws IOException {
    Path tool = Files.writeString(directory.resolve("tool.sh"), "#!/bin/sh\necho ran\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    Path folder = Files.createDirectories(directory.resolve("data/sub"));
    Files.writeString(folder.resolve("x"), "x\n");
    String id = mesh.weft("agent", "spawn", "--wait").expectSuccess().stdout().strip();

    mesh.weft("agent", "cp", tool.toString(), directory.resolve("data").toString(), id + ":in")
        .expectSuccess();
    assertThat(
            mesh.weft("agent", "exec", id, "--", "sh", "-c", "in/tool.sh; cat in/data/sub/x")
                .expectSuccess()
                .stdout())
        .isEqualTo("ran\nx\n");
    mesh.weft("agent", "hibernate", id).expectSuccess();
    new AgentDoor(mesh).await(id, "HIBERNATED");
    mesh.weft("agent", "cp", tool.toString(), id + ":late").expectSuccess();
    mesh.weft("agent", "cp", id + ":in", directory.resolve("out").toString()).expectSuccess();
    mesh.weft("agent", "cp", id + ":late", directory.toString()).expectSuccess();

    assertThat(directory.resolve("out/data/sub/x")).hasContent("x\n");
    assertThat(Files.isExecutable(directory.resolve("out/tool.sh"))).isTrue();
    assertThat(directory.resolve("late")).hasSameTextualContentAs(tool);
    Command refused = mesh.weft("agent", "cp", id + ":../etc/passwd", directory.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("INVALID_FIELD", "path: ../etc/passwd");
    assertThat(mesh.weft("agent", "cp", id + ":none", directory.toString()).stderr())
        .contains(
            "path: 'none' is not in the agent's workspace (expected: a file or a directory there)");
    mesh.weft("agent", "kill", id).expectSuccess();
  }

  @Test
  void ctrlCReachesTheCommandAndItsExitCodeComesBack() {
    String id = mesh.weft("agent", "spawn").expectSuccess().stdout().strip();
    try (RunningCommand exec =
        mesh.weftInBackground(
            "agent",
            "exec",
            id,
            "--",
            "sh",
            "-c",
            "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done")) {
      exec.awaitStdout("ready", PATIENCE);

      exec.interrupt();

      Command end = exec.end(PATIENCE);
      assertThat(end.exitCode()).as(end.stderr()).isEqualTo(9);
      assertThat(end.stdout()).isEqualTo("ready\ncaught\n");
    }
    mesh.weft("agent", "kill", id).expectSuccess();
  }

  @Test
  void attachIsATerminalThatIsAsBeforeWhenItIsLeft() {
    String id = mesh.weft("agent", "spawn", "--wait").expectSuccess().stdout().strip();
    String weft = mesh.root().resolve("weft") + " --no-build agent attach " + id;
    try (PseudoTerminal terminal =
        new PseudoTerminal(
            mesh,
            Map.of(
                "WEFT_HOME", mesh.data().toString(), "JAVA_HOME", System.getProperty("java.home")),
            "stty rows 40 cols 111; echo before=$(stty -g); " + weft + "; echo after=$(stty -g)")) {
      terminal.await("Ctrl-] leaves");
      terminal.type("echo $((6*7))-done; stty size\r");
      terminal.await("42-done");
      terminal.await("40 111");
      terminal.type("printf %s go''ing; sleep 600\r");
      terminal.await("going");
      terminal.type("\u0003"); // Interrupts what runs there, and not what runs here.
      terminal.type("echo $((7*7))-done\r");
      terminal.await("49-done");

      terminal.type("\u001d");

      assertThat(terminal.end()).isZero();
      String shown = terminal.shown();
      assertThat(shown).contains("weft: left; back with: weft agent attach " + id + " --cursor 1.");
      assertThat(setting(shown, "after=")).isEqualTo(setting(shown, "before="));
    }
    mesh.weft("agent", "kill", id).expectSuccess();
  }

  private static String setting(String shown, String name) {
    int begin = shown.indexOf(name) + name.length();
    return shown.substring(begin, shown.indexOf('\r', begin));
  }
}
