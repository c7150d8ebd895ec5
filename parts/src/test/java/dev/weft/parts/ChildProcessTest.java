package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void childSeesOnlyTheGivenEnvironment() {
    ChildProcess child = start(Lifetime.OWNER, Map.of("ONLY", "this"), "env");

    assertThat(child.awaitExit(LONG)).isTrue();
    assertThat(child.logTail().lines().filter(line -> !line.matches("(PWD|SHLVL|_)=.*")))
        .containsExactly("ONLY=this");
  }

  @Test
  void killEndsTheWholeTree() throws IOException {
    ChildProcess child = start(Lifetime.OWNER, path(), "sleep 600 & echo $! > grandchild; wait");
    ProcessStamp grandchild = stampFrom("grandchild");

    child.kill();

    assertThat(child.isRunning()).isFalse();
    assertThat(ChildProcess.attach(grandchild, directory).awaitExit(LONG)).isTrue();
  }

  @Test
  void stopKillsAChildThatIgnoresTheSignal() {
    ChildProcess child =
        start(Lifetime.OWNER, path(), "trap '' TERM; echo armed; while :; do sleep 1; done");
    awaitText(child, "armed");

    child.stop("TERM", Duration.ofMillis(200));

    assertThat(child.isRunning()).isFalse();
  }

  @Test
  void recycledProcessIdIsNotTakenForTheOldProcess() {
    ChildProcess child = start(Lifetime.OWNER, path(), "sleep 600");
    ProcessStamp earlier = new ProcessStamp(child.stamp().pid(), "another boot/1");

    assertThat(earlier.isRunning()).isFalse();
    ChildProcess.attach(earlier, directory.resolve("log")).kill();

    assertThat(child.isRunning()).isTrue();
    child.kill();
  }

  @Test
  void missingProgramIsNamed() {
    assertThatThrownBy(
            () -> ChildProcess.start(launch(Lifetime.DETACHED, Map.of(), List.of("/no/such"))))
        .isInstanceOf(PartsException.class)
        .hasMessageContaining("/no/such");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void withItsKilledOwnerAnOwnedChildDiesAFollowerIsAskedToEndAndADetachedOneLivesOn()
      throws Exception {
    Process owner =
        new ProcessBuilder(javaCommand(Owner.class, directory.toString())).inheritIO().start();
    ProcessStamp owned = stampFrom("owned");
    ProcessStamp follower = stampFrom("follower");
    ProcessStamp detached = stampFrom("detached");

    owner.destroyForcibly().waitFor();

    assertThat(ChildProcess.attach(owned, directory).awaitExit(LONG)).isTrue();
    assertThat(ChildProcess.attach(follower, directory).awaitExit(LONG)).isTrue();
    assertThat(directory.resolve("follower-was-asked")).exists();
    assertThat(directory.resolve("owned-was-asked")).doesNotExist();
    assertThat(detached.isRunning()).isTrue();
    ChildProcess.attach(detached, directory).kill();
  }

  private ChildProcess start(Lifetime lifetime, Map<String, String> environment, String script) {
    return ChildProcess.start(launch(lifetime, environment, List.of("/bin/sh", "-c", script)));
  }

  private Launch launch(Lifetime lifetime, Map<String, String> environment, List<String> command) {
    return new Launch(
        command, environment, directory, directory.resolve("log"), lifetime, Optional.empty());
  }

  private static Map<String, String> path() {
    return Map.of("PATH", "/usr/bin:/bin");
  }

  static List<String> javaCommand(Class<?> main, String argument) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        argument);
  }

  private ProcessStamp stampFrom(String file) throws IOException {
    long end = System.nanoTime() + LONG.toNanos();
    Path path = directory.resolve(file);
    while (!Files.exists(path) || !Files.readString(path).endsWith("\n")) {
      assertThat(System.nanoTime()).as("time to write " + file).isLessThan(end);
      ChildProcess.pause(Duration.ofMillis(20));
    }
    return ProcessStamp.of(Long.parseLong(Files.readString(path).strip())).orElseThrow();
  }

  private static void awaitText(ChildProcess child, String text) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!child.logTail().contains(text)) {
      assertThat(System.nanoTime()).isLessThan(end);
      ChildProcess.pause(Duration.ofMillis(20));
    }
  }

  /** Another JVM that starts three children and waits to be killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      for (Lifetime lifetime : Lifetime.values()) {
        String name =
            switch (lifetime) {
              case OWNER -> "owned";
              case FOLLOWER -> "follower";
              case DETACHED -> "detached";
            };
        ChildProcess.start(
            new Launch(
                List.of(
                    "/bin/sh",
                    "-c",
                    "trap 'echo asked > %s-was-asked; exit' TERM; echo $$ > %s; while :; do sleep 0.1; done"
                        .formatted(name, name)),
                path(),
                directory,
                directory.resolve(name + ".log"),
                lifetime,
                Optional.empty()));
      }
      Thread.sleep(LONG);
    }
  }
}
