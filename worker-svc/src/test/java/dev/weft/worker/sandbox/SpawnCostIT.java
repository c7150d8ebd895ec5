package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a sandbox costs, printed; the bound only catches what would be an accident. */
class SpawnCostIT {

  private static final int ROUNDS = 60;
  private static final Duration ACCIDENT = Duration.ofMillis(500);

  @Test
  void sandboxIsStartedInMilliseconds() throws Exception {
    try (SandboxRig rig = SandboxRig.open()) {
      Duration bare = median(() -> new ProcessBuilder("true").start().waitFor());
      Duration sandboxed =
          median(() -> rig.run(SandboxRig.work(List.of("true"), List.of(), Map.of())));

      System.out.printf(
          "spawn of true, median of %d: bare %.1f ms, as a task in its sandbox %.1f ms%n",
          ROUNDS, bare.toNanos() / 1e6, sandboxed.toNanos() / 1e6);
      assertThat(sandboxed).isLessThan(ACCIDENT);
    }
  }

  private static Duration median(Callable<?> action) throws Exception {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      action.call();
      nanos[i] = System.nanoTime() - begin;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[ROUNDS / 2]);
  }
}
