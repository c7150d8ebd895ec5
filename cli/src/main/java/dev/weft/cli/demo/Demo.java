package dev.weft.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.Endpoints;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.TaskFollower;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.cli.local.PortPlan;
import dev.weft.cli.local.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows on a running local mesh what Weft promises, and checks each claim. */
final class Demo {
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String LONG_RUN =
      "for i in 1 2 3 4 5 6; do echo step $i; sleep 1; done; echo done";

  private final LocalMesh mesh;
  private final Shell shell;
  private final Transcript transcript;
  private final MeshApi api;

  Demo(LocalMesh mesh, PortPlan ports, Shell shell, Transcript transcript) {
    this.mesh = mesh;
    this.shell = shell;
    this.transcript = transcript;
    this.api =
        new MeshApi(
            new Endpoints(List.of(URI.create("http://127.0.0.1:" + ports.gatewayRest(0)))),
            token(mesh.home()),
            Pace.standard());
  }

  /** Throws at the first claim that isn't true. */
  void play() {
    commands();
    sandbox();
    choice();
    survival();
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
        name(task.workerId()).startsWith("browser-"),
        name(task.workerId()));
  }

  private void survival() {
    transcript.heading("The worker is killed in the middle; the task finishes elsewhere");
    Shell.Outcome submitted =
        shell.weft("submit", "--name", "long-run", "--", "sh", "-c", LONG_RUN);
    String taskId = submitted.stdout().strip();
    TaskView running = awaitRunning(taskId);
    String victim = name(running.workerId());
    JsonNode first = api.decisions(taskId).path(0);
    transcript.claim(
        "attempt 1 runs on " + victim + ", as its Decision says",
        first.path("workerId").asText("").equals(running.workerId()),
        first.toString());
    transcript.line("$ kill -KILL $(pid of " + victim + ")");
    transcript.claim("the worker ran, and is dead", mesh.kill(victim), victim);
    long killed = System.nanoTime();
    TaskView ended =
        new TaskFollower(api)
            .follow(
                taskId,
                event ->
                    transcript.line(
                        "   %+6.1fs %s attempt %d %s %s"
                            .formatted(
                                (System.nanoTime() - killed) / 1e9,
                                event.state(),
                                event.attempt(),
                                event.workerId().isEmpty() ? "" : name(event.workerId()),
                                event.reason())));
    verify(ended, running.workerId(), victim);
    shell.weft("why", taskId);
    JsonNode decisions = api.decisions(taskId);
    transcript.claim(
        "both choices are on record",
        decisions.size() >= 2
            && decisions.path(0).path("workerId").asText("").equals(ended.workerId()),
        decisions.toString());
  }

  private void verify(TaskView ended, String firstWorker, String victim) {
    String output = new String(ended.stdout(), StandardCharsets.UTF_8);
    transcript.output(output);
    transcript.claim(
        "it SUCCEEDED with exit code 0 and all of its output",
        ended.state().equals("SUCCEEDED")
            && ended.exitCode() == 0
            && output.endsWith("step 6\ndone\n"),
        ended.json().toString());
    transcript.claim(
        "attempt 2, on " + name(ended.workerId()) + " and not on " + victim,
        ended.attempt() == 2 && !ended.workerId().equals(firstWorker),
        "attempt " + ended.attempt() + " on " + name(ended.workerId()));
    JsonNode lost = ended.json().path("endedAttempts").path(0);
    transcript.claim(
        "attempt 1 is on record as LOST",
        lost.path("state").asText("").equals("ATTEMPT_STATE_LOST")
            && lost.path("workerId").asText("").equals(firstWorker),
        lost.toString());
  }

  private TaskView awaitRunning(String taskId) {
    long end = System.nanoTime() + STARTED_WITHIN.toNanos();
    TaskView task = new TaskView(api.task(taskId));
    while (!task.state().equals("RUNNING")) {
      if (task.isTerminal() || System.nanoTime() - end >= 0) {
        throw new DemoFailure("the long run doesn't run: " + task.json());
      }
      pause();
      task = new TaskView(api.task(taskId));
    }
    return task;
  }

  private String name(String workerId) {
    Optional<String> name =
        api.workers().stream()
            .filter(worker -> worker.path("id").asText().equals(workerId))
            .map(worker -> worker.path("profile").path("name").asText())
            .findFirst();
    return name.orElse(workerId);
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

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
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
        "");
  }
}
