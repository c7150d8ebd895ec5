package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real signals to a real process. */
class StopSignalsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path home;
  private CommandRig rig;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
    rig.artifacts().output().hold(mayEnd);
    rig.gateway()
        .onCancel(
            () -> {
              rig.gateway().task(FakeGateway.task("TASK_STATE_CANCELLED", 0, "", ""));
              cancelled.countDown();
            });
  }

  @AfterEach
  void stop() {
    mayEnd.countDown();
    rig.close();
  }

  @Test
  void firstInterruptCancelsAndWaitsForTheEnd() throws Exception {
    Process run = runningTask();

    signal(run, "INT");
    assertThat(cancelled.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(run.isAlive()).isTrue();
    mayEnd.countDown();

    assertThat(exitCode(run)).isEqualTo(ExitCodes.RUN_CANCELLED);
    assertThat(Files.readString(home.resolve("err"))).contains("cancelling " + FakeGateway.TASK);
  }

  @Test
  void terminationDoesTheSame() throws Exception {
    Process run = runningTask();

    signal(run, "TERM");
    assertThat(cancelled.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    mayEnd.countDown();

    assertThat(exitCode(run)).isEqualTo(ExitCodes.RUN_CANCELLED);
  }

  @Test
  void secondInterruptLeavesAtOnce() throws Exception {
    Process run = runningTask();

    signal(run, "INT");
    assertThat(cancelled.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    signal(run, "INT");

    assertThat(exitCode(run)).isEqualTo(ExitCodes.RUN_CANCELLED);
    assertThat(mayEnd.getCount()).as("the task has not ended").isEqualTo(1);
  }

  private Process runningTask() throws Exception {
    // Who starts the tests in the background has SIGINT ignored, and every child inherits that.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-Dweft.root=" + home, "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Weft.class.getName(), "run", "--", "sleep", "1000"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(home.resolve("out").toFile())
            .redirectError(home.resolve("err").toFile());
    builder.environment().putAll(rig.environment());
    Process run = builder.start();
    await().atMost(SOON).until(() -> !rig.artifacts().output().cursors().isEmpty());
    return run;
  }

  private static void signal(Process run, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(run.pid())).start().waitFor())
        .isZero();
  }

  private static int exitCode(Process run) throws InterruptedException {
    assertThat(run.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return run.exitValue();
  }
}
