package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.agent.BodyPlace;
import dev.weft.worker.app.agent.BodyPlaces.Wanted;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a sandbox costs, printed; the bound only catches what would be an accident. */
class SpawnCostIT {

  private static final int ROUNDS = 60;
  private static final int TERMINALS = 20;
  private static final Duration ACCIDENT = Duration.ofMillis(500);

  @Test
  void sandboxIsStartedInMilliseconds() throws Exception {
    try (SandboxRig rig = SandboxRig.open()) {
      Duration bare =
          median(ROUNDS, () -> timed(() -> new ProcessBuilder("true").start().waitFor()));
      Duration sandboxed =
          median(
              ROUNDS,
              () -> timed(() -> rig.run(SandboxRig.work(List.of("true"), List.of(), Map.of()))));

      System.out.printf(
          "spawn of true, median of %d: bare %.1f ms, as a task in its sandbox %.1f ms%n",
          ROUNDS, bare.toNanos() / 1e6, sandboxed.toNanos() / 1e6);
      assertThat(sandboxed).isLessThan(ACCIDENT);
    }
  }

  @Test
  void aShellPromptsInMillisecondsAndSoonerWhereASandboxWaited() throws Exception {
    try (SandboxRig rig = SandboxRig.open();
        WarmBodyPlaces cold = places(rig, 0);
        WarmBodyPlaces warm = places(rig, 1)) {
      Duration made = median(TERMINALS, () -> toPrompt(cold));
      Duration waited = median(TERMINALS, () -> toPrompt(warm));

      System.out.printf(
          "terminal to prompt, median of %d: made %.1f ms, waited %.1f ms; one that waits: %d KiB%n",
          TERMINALS, made.toNanos() / 1e6, waited.toNanos() / 1e6, kibibytes(rig));
      assertThat(made).isLessThan(ACCIDENT);
      assertThat(waited).isLessThan(made);
    }
  }

  private static WarmBodyPlaces places(SandboxRig rig, int spare) {
    WarmBodyPlaces places =
        rig.kit().bodyPlaces(SandboxRig.LIMITS, spare, Runnable::run).orElseThrow();
    places.tend();
    return places;
  }

  /** From the wish for a terminal to the first that its shell shows. */
  private static Duration toPrompt(WarmBodyPlaces places) throws Exception {
    Wanted wanted =
        new Wanted(
            new AttemptKey("tsk_cost", 1, System.nanoTime()),
            NetworkAccess.NONE,
            SandboxRig.LIMITS,
            Map.of("TERM", "xterm"));
    try (BodyPlace place = places.open(wanted)) {
      long begin = System.nanoTime();
      try (CommandPlace own = place.workspace().place("r1");
          Pty pty = place.openTerminal()) {
        SandboxedProcess process =
            place.launch(
                new Command(
                    own,
                    List.of("/bin/bash", "-i"),
                    "",
                    wanted.environment(),
                    SecretEnvironment.none(),
                    wanted.network(),
                    wanted.limits(),
                    Optional.of(pty.device())));
        assertThat(pty.read(new byte[4096], 0)).isPositive();
        long took = System.nanoTime() - begin;
        process.kill();
        process.clear();
        return Duration.ofNanos(took);
      }
    }
  }

  /**
   * What all processes of the sandboxes that wait take, shared pages divided by who shares them.
   */
  private static long kibibytes(SandboxRig rig) throws IOException {
    List<Long> pids =
        rig.survivors().stream()
            .flatMap(each -> Stream.concat(Stream.of(each), each.descendants()))
            .map(ProcessHandle::pid)
            .distinct()
            .toList();
    long sum = 0;
    for (long pid : pids) {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          sum += Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    }
    return sum;
  }

  private static Duration timed(Callable<?> action) throws Exception {
    long begin = System.nanoTime();
    action.call();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static Duration median(int rounds, Callable<Duration> action) throws Exception {
    Duration[] took = new Duration[rounds];
    for (int i = 0; i < rounds; i++) {
      took[i] = action.call();
    }
    Arrays.sort(took);
    return took[rounds / 2];
  }
}
