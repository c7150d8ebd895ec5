package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * A worker that is killed by SIGKILL, at whatever moment of whatever start, leaves nothing running.
 */
class KilledWorkerIT {

  private static final int REPETITIONS = 20;
  private static final long SEED = Long.getLong("weft.seed", 20_261_121L);

  /** Tells this run's commands from all others on the machine. */
  private final String mark = "7" + (100_000 + new Random().nextInt(899_999)) + ".25";

  private final String name = UUID.randomUUID().toString().substring(0, 8);
  private Path data = Path.of("/nonexistent");

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createTempDirectory("weft-doomed");
  }

  @AfterEach
  void sweep() throws Exception {
    SandboxKit.open(settings(), "last").close();
    Removal.remove(data, LaunchThread.begin());
    if (AttemptRoot.isRoot()) {
      Files.deleteIfExists(Path.of("/var/lib/weft", name));
    }
  }

  @RepeatedTest(REPETITIONS)
  void leavesNoSurvivor(RepetitionInfo repetition) throws Exception {
    Random random = new Random(SEED + repetition.getCurrentRepetition());
    Process worker = startWorker("i1");

    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(300_000)));
    worker.destroyForcibly().waitFor();

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(marked()).as("seed %s", SEED).isEmpty());
  }

  @Test
  void leavesNoneOfTheSandboxesThatWait() throws Exception {
    Process worker = startWorker("i1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> waiting(worker).size() == DoomedWorker.WAITING);
    List<ProcessHandle> waiting = waiting(worker);

    worker.destroyForcibly().waitFor();

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(waiting).noneMatch(ProcessHandle::isAlive));
  }

  /** The commands in sandboxes that wait to be told what to become. */
  private static List<ProcessHandle> waiting(Process worker) {
    return worker
        .descendants()
        .filter(process -> isWaiting(commandLine(process.pid()).strip()))
        .toList();
  }

  private static boolean isWaiting(String line) {
    return line.startsWith("/bin/sh")
        && line.endsWith("weft-waiting")
        && !line.contains("weft-launch");
  }

  @Test
  void leavesNothingThatTheNextStartDoesNotSweep() throws Exception {
    Process worker = startWorker("i1");
    Awaitility.await().until(() -> marked().stream().anyMatch(line -> line.contains("sleep")));
    worker.destroyForcibly().waitFor();
    Path attempts = attemptsRoot();
    assertThat(attempts.resolve("i1")).exists();

    try (SandboxKit next = SandboxKit.open(settings(), "i2")) {
      assertThat(next.sandbox()).isPresent();
      assertThat(attempts.resolve("i1")).doesNotExist();
      assertThat(marked()).isEmpty();
      assertThat(groups("i1")).isEmpty();
    }
    assertThat(groups("i2")).isEmpty();
  }

  private SandboxKit.Settings settings() {
    return new SandboxKit.Settings(
        data, name, Optional.of(InstalledBubblewrap.program()), List.of(), SandboxRig.LIMITS);
  }

  private Path attemptsRoot() throws IOException {
    return AttemptRoot.isRoot() && !AttemptRoot.passable(data)
        ? Path.of("/var/lib/weft", name)
        : data.resolve("attempts");
  }

  private Process startWorker(String incarnation) throws IOException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedWorker.class.getName(),
                data.toString(),
                name,
                incarnation,
                mark)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = worker.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.equals("ready")) {
      line = out.readLine();
    }
    assertThat(line).as("the worker came up").isEqualTo("ready");
    return worker;
  }

  /** Command lines of all processes, in sandboxes or around them, that carry this run's mark. */
  private List<String> marked() {
    String around = "/" + name + "/";
    return ProcessHandle.allProcesses()
        .map(process -> commandLine(process.pid()))
        .filter(line -> !line.contains(DoomedWorker.class.getSimpleName()))
        .filter(line -> line.contains(mark) || line.contains(around) || line.contains(data + "/"))
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

  private List<Path> groups(String incarnation) throws IOException {
    Path root = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var found =
        Files.find(root, 6, (path, a) -> path.endsWith("weft-" + name + "-" + incarnation))) {
      return found.toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of();
    }
  }
}
