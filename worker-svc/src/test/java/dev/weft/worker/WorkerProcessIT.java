package dev.weft.worker;

import static dev.weft.worker.grpc.FakePlacer.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.worker.grpc.FakeMesh;
import dev.weft.worker.grpc.FakePlacer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real worker process against a mesh of which it sees all that it ever sees. */
class WorkerProcessIT {

  /** Tells this run's commands from all others on the machine. */
  private final String mark = "8" + (100_000 + new Random().nextInt(899_999));

  private final List<Process> processes = new ArrayList<>();
  private FakeMesh mesh = FakeMesh.open();
  private Path data = Path.of("/nonexistent");

  WorkerProcessIT() throws IOException {}

  @BeforeEach
  void makeData() throws Exception {
    data = Files.createTempDirectory("weft-worker");
    Files.writeString(data.resolve("join-token"), mesh.token().reveal());
    Files.writeString(
        data.resolve("profile.yaml"),
        "{name: worker-1, kind: sandbox, executors: {shell: 8}, limits: {max_memory_mb: 256}}");
  }

  @AfterEach
  void close() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    mesh.close();
    await().until(() -> marked().isEmpty());
    try (var files = Files.walk(data)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void commandRunsInTheSandboxAndItsWordsComeBack() throws Exception {
    start(Map.of());

    mesh.placer.send(
        FakePlacer.shell(key("tsk_a", 1), "sh", "-c", "echo out; echo err >&2; exit 7"));

    AttemptResult result = result(1);
    assertThat(result.getOutcome()).isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_FAILED);
    assertThat(result.getResult().getExitCode()).isEqualTo(7);
    assertThat(result.getResult().getStdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(result.getResult().getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(result.getProblem().getReason()).isEqualTo("EXIT_NONZERO");
    var profile = mesh.registry.hellos().getFirst().getProfile();
    assertThat(profile.getSandboxLevel()).isEqualTo(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP);
    assertThat(profile.getLimitsScope()).isIn("tree", "process");
    assertThat(profile.getExecutorsList()).containsExactly("noop", "shell");
  }

  @Test
  void secretsOfTheWorkerAreNotInTheCommandsReach() throws Exception {
    start(Map.of("CANARY", "canary-" + mark));

    mesh.placer.send(
        FakePlacer.shell(
            key("tsk_a", 1),
            "sh",
            "-c",
            "env; cat /proc/*/environ /proc/*/cmdline "
                + data
                + "/key.pem "
                + data
                + "/join-token"));

    String said = result(1).getResult().getOutput().toStringUtf8();
    assertThat(said)
        .doesNotContain("canary-" + mark)
        .doesNotContain(mesh.token().reveal())
        .doesNotContain("PRIVATE KEY");
  }

  @Test
  void drainLetsWorkEndThenExitsWithZero() throws Exception {
    Process worker = start(Map.of("WEFT_DRAIN_GRACE", "20s"));
    mesh.placer.send(
        FakePlacer.shell(key("tsk_a", 1), "sh", "-c", ": " + mark + "; sleep 3; echo done"));
    await().until(() -> mesh.placer.started().size() == 1);

    worker.destroy();

    await().until(() -> mesh.registry.beats().stream().anyMatch(Heartbeat::getDraining));
    mesh.placer.send(FakePlacer.noop(key("tsk_late", 2)));
    assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(mesh.placer.results()).hasSize(1);
    assertThat(result(1).getResult().getStdout().toStringUtf8()).isEqualTo("done\n");
    assertThat(marked()).isEmpty();
  }

  @Test
  void whatRunsAtTheDeadlineIsPreempted() throws Exception {
    Process worker = start(Map.of("WEFT_DRAIN_GRACE", "1s"));
    mesh.placer.send(FakePlacer.shell(key("tsk_a", 1), "sleep", mark));
    await().until(() -> mesh.placer.started().size() == 1);

    worker.destroy();

    assertThat(worker.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(result(1).getOutcome()).isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_PREEMPTED);
    assertThat(marked()).isEmpty();
  }

  @Test
  void secondSigtermEndsEverythingWithinFiveSeconds() throws Exception {
    Process worker = start(Map.of("WEFT_DRAIN_GRACE", "600s"));
    mesh.placer.send(
        FakePlacer.shell(
            key("tsk_a", 1),
            "sh",
            "-c",
            "trap '' TERM; (setsid sleep " + mark + " &); while :; do sleep 1; done"));
    await().until(() -> mesh.placer.started().size() == 1);
    worker.destroy();
    await().until(() -> mesh.registry.beats().stream().anyMatch(Heartbeat::getDraining));

    worker.destroy();

    assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(marked()).isEmpty();
  }

  @Test
  void sigtermDuringTheStartEndsIt() throws Exception {
    mesh.close();
    Process worker = launch(Map.of());
    await().until(() -> Files.exists(data.resolve("lock")));

    worker.destroy();

    assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
    mesh = FakeMesh.open();
  }

  @Test
  void killedWorkerLeavesNothingAndComesBackAsItself() throws Exception {
    Process worker = start(Map.of());
    for (int i = 1; i <= 4; i++) {
      mesh.placer.send(
          FakePlacer.shell(
              key("tsk_" + i, i), "sh", "-c", "(setsid sleep " + mark + " &); sleep " + mark));
    }
    await().until(() -> mesh.placer.started().size() == 4);

    worker.destroyForcibly().waitFor();

    await().atMost(Duration.ofSeconds(5)).until(() -> marked().isEmpty());
    start(Map.of());
    assertThat(mesh.placer.hellos().getLast().getWorkerId()).isEqualTo(FakeMesh.WORKER_ID);
    assertThat(mesh.placer.hellos().getLast().getRunningList()).isEmpty();
    assertThat(mesh.placer.hellos().getLast().getIncarnation())
        .isGreaterThan(mesh.placer.hellos().getFirst().getIncarnation());
  }

  @Test
  void secondWorkerOnOneDirectoryIsRefused() throws Exception {
    start(Map.of());

    Process second = launch(Map.of());

    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
  }

  @Test
  void unknownKeyOfTheProfileEndsTheStart() throws Exception {
    Files.writeString(data.resolve("profile.yaml"), "{name: a, colour: red}");

    Process worker = launch(Map.of());

    assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(1);
    assertThat(Files.readString(data.resolve("log"))).contains("colour: unknown key");
  }

  private Process start(Map<String, String> environment) throws Exception {
    int before = mesh.placer.hellos().size();
    Process worker = launch(environment);
    await()
        .failFast(() -> assertThat(worker.isAlive()).as(log()).isTrue())
        .until(() -> mesh.placer.hellos().size() > before && mesh.placer.connected());
    await().until(() -> !mesh.registry.beats().isEmpty());
    return worker;
  }

  private Process launch(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-jar",
                "target/quarkus-app/quarkus-run.jar")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("log").toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "WEFT_JOIN_ADDRESS",
                "127.0.0.1:" + mesh.doorPort(),
                "WEFT_JOIN_PLAINTEXT",
                "true",
                "WEFT_JOIN_TOKEN_FILE",
                data.resolve("join-token").toString(),
                "WEFT_DATA_DIR",
                data.toString(),
                "WEFT_PROFILE_FILE",
                data.resolve("profile.yaml").toString(),
                "QUARKUS_HTTP_PORT",
                "0",
                "QUARKUS_OTEL_SDK_DISABLED",
                "true"));
    builder.environment().putAll(environment);
    Process worker = builder.start();
    processes.add(worker);
    return worker;
  }

  private String log() throws IOException {
    return Files.readString(data.resolve("log"), StandardCharsets.UTF_8);
  }

  private AttemptResult result(int number) {
    await().until(() -> mesh.placer.results().size() >= number);
    return mesh.placer.results().get(number - 1);
  }

  private List<String> marked() {
    return ProcessHandle.allProcesses()
        .map(process -> commandLine(process.pid()))
        .filter(line -> line.contains(mark))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(
              Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }
}
