package dev.weft.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.local.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A real small project travels: its tests run on a worker, and again on one that is killed in the
 * middle.
 */
final class ProjectDemo {
  private static final String PROJECT = "examples/login-service";
  private static final String REPORT = "build/report.txt";
  private static final String FAILED_TEST = "FAILED expired token is refused";
  private static final String SUM = "9 tests, 1 failed";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration AHEAD = Duration.ofMillis(200);
  private static final String SLOW_TESTS =
      "for i in 1 2 3 4 5 6; do echo step $i; sleep 1; done; ./test.sh";

  private final LocalMesh mesh;
  private final MeshView view;
  private final Shell shell;
  private final Transcript transcript;
  private final Path home;
  private final List<String> javaHome;

  ProjectDemo(LocalMesh mesh, MeshView view, Shell shell, Transcript transcript) {
    this.mesh = mesh;
    this.view = view;
    this.shell = shell;
    this.transcript = transcript;
    this.home = mesh.home().root();
    this.javaHome =
        DemoJdk.isPartOfTheSystem() ? List.of() : List.of("--env", "JAVA_HOME=" + DemoJdk.home());
  }

  void play() {
    runsItsTests();
    travelsOnce();
    survives();
  }

  private void runsItsTests() {
    transcript.heading("A directory travels: a project's tests run on a worker, heard live");
    Path out = home.resolve("report");
    LiveCommand run =
        run(out, "sh", "-c", "echo \"trace in the sandbox: $TRACEPARENT\"; ./test.sh");
    LiveCommand.Line first = run.await(line -> line.text().startsWith("JDK "), LIMIT);
    int exitCode = run.end();
    transcript.claim(
        "its tests ran there; one of them fails, and so does the command",
        exitCode == 1 && contains(run.stdout(), FAILED_TEST) && run.stdout().contains(SUM),
        exitCode + " " + run.stdout());
    transcript.claim(
        "its first line was here before it had ended",
        System.nanoTime() - first.nanos() > AHEAD.toNanos(),
        "%d ms before".formatted((System.nanoTime() - first.nanos()) / 1_000_000));
    String trace = said(run, "weft: trace ");
    transcript.claim(
        "one trace leads from this command into the sandbox: " + trace,
        contains(run.stdout(), "trace in the sandbox: 00-" + trace + "-"),
        run.stdout().toString());
    String taskId = said(run, "weft: task ");
    decisionOf(taskId);
    cameBack(out, taskId);
  }

  private void decisionOf(String taskId) {
    shell.weft("why", taskId);
    JsonNode decision = view.decisions(taskId).path(0);
    transcript.claim(
        "it ran where its Decision says",
        decision.path("workerId").asText("").equals(view.task(taskId).workerId()),
        decision.toString());
  }

  private void cameBack(Path out, String taskId) {
    Shell.Outcome artifacts = shell.weft("artifacts", "list", "--task", taskId);
    transcript.claim(
        "what it changed is an artifact",
        artifacts.stdout().contains(view.task(taskId).changesArtifact())
            && artifacts.stdout().contains("changes/" + taskId),
        artifacts.toString());
    transcript.claim(
        "the report that it wrote is here, and the project itself is untouched",
        report(out).contains(SUM) && !Files.exists(shell.root().resolve(PROJECT).resolve("build")),
        report(out).toString());
  }

  private void travelsOnce() {
    transcript.heading("The second time nothing has to travel");
    LiveCommand run = run(home.resolve("again"), "true");
    int exitCode = run.end();
    transcript.claim(
        "0 files were sent",
        exitCode == 0 && contains(run.stderr(), " packed, 0 (0 B) sent"),
        run.stderr().toString());
  }

  private void survives() {
    transcript.heading("The worker is killed in the middle; the run finishes elsewhere");
    Path out = home.resolve("second");
    LiveCommand run = run(out, "sh", "-c", SLOW_TESTS);
    run.await(line -> line.text().equals("step 2"), LIMIT);
    String taskId = said(run, "weft: task ");
    TaskView running = view.task(taskId);
    String victim = view.name(running.workerId());
    transcript.line("$ kill -KILL $(pid of " + victim + ")");
    transcript.claim("the worker ran it, and is dead", mesh.kill(victim), victim);
    int exitCode = run.end();
    TaskView ended = view.task(taskId);
    transcript.claim(
        "the tests ran to their end, with the exit code that they have",
        exitCode == 1 && run.stdout().stream().filter(SUM::equals).count() == 1,
        exitCode + " " + run.stdout());
    transcript.claim(
        "attempt 2, on " + view.name(ended.workerId()) + " and not on " + victim,
        ended.attempt() == 2 && !ended.workerId().equals(running.workerId()),
        "attempt " + ended.attempt() + " on " + view.name(ended.workerId()));
    JsonNode lost = ended.json().path("endedAttempts").path(0);
    transcript.claim(
        "attempt 1 is on record as LOST",
        lost.path("state").asText("").equals("ATTEMPT_STATE_LOST")
            && lost.path("workerId").asText("").equals(running.workerId()),
        lost.toString());
    transcript.claim(
        "its report came back all the same", report(out).contains(SUM), out.toString());
    shell.weft("why", taskId);
    JsonNode decisions = view.decisions(taskId);
    transcript.claim(
        "both choices are on record",
        Set.of(
                decisions.path(0).path("workerId").asText(""),
                decisions.path(1).path("workerId").asText(""))
            .equals(Set.of(running.workerId(), ended.workerId())),
        decisions.toString());
  }

  private LiveCommand run(Path out, String... command) {
    List<String> arguments = new ArrayList<>(List.of("run", "-v", "--dir", PROJECT));
    arguments.addAll(List.of("--out", out.toString()));
    arguments.addAll(javaHome);
    arguments.add("--");
    arguments.addAll(List.of(command));
    return shell.live(arguments.toArray(String[]::new));
  }

  /** What stderr says after these words. */
  private static String said(LiveCommand run, String words) {
    return run.await(line -> line.stderr() && line.text().startsWith(words), LIMIT)
        .text()
        .substring(words.length());
  }

  private static boolean contains(List<String> lines, String part) {
    return lines.stream().anyMatch(line -> line.contains(part));
  }

  private static List<String> report(Path out) {
    try {
      return Files.readAllLines(out.resolve(REPORT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
