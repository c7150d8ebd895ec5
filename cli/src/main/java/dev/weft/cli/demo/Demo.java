package dev.weft.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.Endpoints;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.cli.local.PortPlan;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Shows on a running local mesh what Weft promises, and checks each claim. */
final class Demo {
  private final LocalMesh mesh;
  private final Shell shell;
  private final Transcript transcript;
  private final MeshView view;

  Demo(LocalMesh mesh, PortPlan ports, Shell shell, Transcript transcript) {
    this.mesh = mesh;
    this.shell = shell;
    this.transcript = transcript;
    this.view =
        new MeshView(
            new MeshApi(
                new Endpoints(List.of(URI.create("http://127.0.0.1:" + ports.gatewayRest(0)))),
                token(mesh.home()),
                Pace.standard()));
  }

  /** Throws at the first claim that isn't true. */
  void play() {
    commands();
    sandbox();
    choice();
    new ProjectDemo(mesh, view, shell, transcript).play();
  }

  private void commands() {
    transcript.heading("A command runs on a worker; output and exit code come back");
    Shell.Outcome hello =
        shell.weft(
            "run", "--", "sh", "-c", "echo hello from a sandbox; echo and this is stderr >&2");
    transcript.claim(
        "stdout and stderr came back apart, exit code 0",
        hello.exitCode() == 0
            && hello.stdout().equals("hello from a sandbox\n")
            && hello.stderr().equals("and this is stderr\n"),
        hello.toString());
    Shell.Outcome seven = shell.weft("run", "--", "sh", "-c", "exit 7");
    transcript.claim("exit 7 is exit code 7", seven.exitCode() == 7, seven.toString());
  }

  private void sandbox() {
    transcript.heading("It has a workspace and nothing else");
    Shell.Outcome outcome =
        shell.weft(
            "run",
            "--",
            "sh",
            "-c",
            "echo mine > note && cat note; echo x > /usr/x || echo the system is read-only; "
                + "ls -A /root 2>/dev/null | wc -l");
    transcript.claim(
        "it wrote into its workspace, not into the system, and saw nobody's home",
        outcome.stdout().equals("mine\nthe system is read-only\n0\n"),
        outcome.toString());
  }

  private void choice() {
    transcript.heading("The best worker is chosen, and the choice can be read back");
    Shell.Outcome run =
        shell.quietly(
            "run", "-o", "json", "--cap", "BROWSER_OPERATIONS:0.5", "--", "echo", "browsing");
    transcript.line("$ weft run --cap BROWSER_OPERATIONS:0.5 -- echo browsing");
    TaskView task = new TaskView(tree(run.stdout()));
    transcript.output(new String(task.stdout(), StandardCharsets.UTF_8));
    shell.weft("why", task.id());
    transcript.claim(
        "it went to the worker that can browse",
        view.name(task.workerId()).startsWith("browser-"),
        view.name(task.workerId()));
  }

  private static JsonNode tree(String text) {
    try {
      return MeshApi.JSON.readTree(text);
    } catch (IOException e) {
      throw new DemoFailure("not JSON: " + text);
    }
  }

  private static String token(HomeDirectory home) {
    try {
      return Files.readString(home.token()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What of the mesh still runs. */
  static List<String> survivors(List<RunFile> started) {
    return started.stream().filter(RunFile::isRunning).map(RunFile::name).toList();
  }

  /** The environment in which the shell finds the demonstration's mesh. */
  static Map<String, String> environment(HomeDirectory home) {
    return Map.of(
        "WEFT_HOME",
        home.root().toString(),
        "WEFT_URL",
        "",
        "WEFT_TOKEN",
        "",
        "WEFT_TOKEN_FILE",
        "",
        "WEFT_RESIDENT",
        "off"); // Nothing is left of a demonstration.
  }
}
