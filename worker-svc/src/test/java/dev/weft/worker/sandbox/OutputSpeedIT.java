package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Carrying;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.grpc.LoopbackLogs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

/**
 * How fast a chatty command's output gets from its pipe through mTLS to a replica that takes it.
 */
class OutputSpeedIT {

  private static final long MIB = 1L << 20;
  private static final int MIBS = 1500;

  /** The aim is 100 MB/s; a busy machine must not fail the build. */
  private static final double ACCIDENT = 40;

  @Test
  void aChattyCommandIsNotHeldUp() throws Exception {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    Limits limits =
        new Limits(
            256 * MIB, 64, Duration.ofMinutes(2), 8 * MIB, Duration.ofMinutes(2), 256, MIB, MIB);
    try (LoopbackLogs logs = LoopbackLogs.open(timer);
        SandboxRig rig = SandboxRig.open(limits)) {
      Carrying carrying =
          new Carrying(
              rig.mesh().nothingCarried(),
              (errand, names) -> Map.of(),
              logs.links().logs(),
              timer,
              InstantSource.system());
      Duration cpuBefore = cpu();
      long start = Ticker.system().nanos();

      AttemptResult result =
          rig.start(
                  SandboxRig.work(
                      List.of("head", "-c", MIBS + "M", "/dev/zero"), List.of(), Map.of()),
                  Duration.ofMinutes(2),
                  limits,
                  carrying)
              .join();

      Duration written = Duration.ofNanos(Ticker.system().nanos() - start);
      logs.awaitClosed();
      Duration closed = Duration.ofNanos(Ticker.system().nanos() - start);
      double speed = MIBS * MIB / 1e6 / (closed.toNanos() / 1e9);
      System.out.printf(
          "output: %d MiB, command over after %d ms, log closed after %d ms, %.0f MB/s,"
              + " CPU of worker and replica %d ms%n",
          MIBS, written.toMillis(), closed.toMillis(), speed, cpu().minus(cpuBefore).toMillis());
      assertThat(result.successful()).as("%s", result).isTrue();
      assertThat(result.report().output().logged()).isTrue();
      assertThat(result.report().output().totalBytes()).isEqualTo(MIBS * MIB);
      assertThat(logs.received()).isEqualTo(MIBS * MIB);
      assertThat(speed).isGreaterThan(ACCIDENT);
    } finally {
      timer.shutdownNow();
    }
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
