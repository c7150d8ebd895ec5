package dev.weft.worker.sandbox;

import static dev.weft.worker.sandbox.SandboxRig.LIMITS;
import static dev.weft.worker.sandbox.SandboxRig.MIB;
import static dev.weft.worker.sandbox.SandboxRig.reason;
import static dev.weft.worker.sandbox.SandboxRig.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.sandbox.SandboxRig.Running;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a task does to the machine that it must not (S24, S25, R9, R10): it alone dies, all of it,
 * and says why.
 */
class SandboxLimitsIT {

  private static SandboxRig rig;

  @BeforeAll
  static void open() throws Exception {
    rig = SandboxRig.open();
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(rig.survivors()).isEmpty();
  }

  @Test
  void forkBombHitsItsProcessLimit() {
    // One that goes on where a fork is refused: a shell's own bomb chokes at the limit and is gone.
    AttemptResult result = rig.run(List.of("perl", "-e", "fork while 1"));

    assertThat(reason(result)).isEqualTo("PROCESS_LIMIT");
    assertThat(result.report().wallTime()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void threadsCountAsProcesses() {
    AttemptResult result =
        rig.run(
            List.of(
                "perl",
                "-e",
                "for (1..500) { my $p = fork(); if (defined $p && !$p) { sleep 600 } } sleep 600"));

    assertThat(reason(result)).isEqualTo("PROCESS_LIMIT");
  }

  @Test
  void memoryBombHitsItsMemoryLimit() {
    AttemptResult result =
        rig.run(List.of("perl", "-e", "my @a; while (1) { push @a, 'x' x 8000000; }"));

    assertThat(reason(result)).isEqualTo("MEMORY_LIMIT");
  }

  @Test
  void memoryOfManyProcessesCountsTogether() {
    AttemptResult result =
        rig.run(
            List.of(
                "perl",
                "-e",
                "for (1..8) { if (!fork()) { my $x = 'y' x 60000000; sleep 600 } } sleep 600"));

    assertThat(reason(result)).isEqualTo("MEMORY_LIMIT");
  }

  @Test
  void endlessOutputHitsItsLimitAndCostsTheWorkerNoMemory() {
    System.gc();
    long before = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();

    AttemptResult result = rig.shell("exec cat /dev/zero");

    System.gc();
    long after = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    assertThat(reason(result)).isEqualTo("OUTPUT_LIMIT");
    assertThat(result.report().output().truncated()).isTrue();
    assertThat(after - before).isLessThan(16 * MIB);
  }

  @Test
  void gigabyteOfOutputStallsNobodyElse() {
    Limits large =
        new Limits(
            256 * MIB,
            64,
            Duration.ofSeconds(60),
            2048 * MIB,
            Duration.ofSeconds(60),
            256,
            64 * MIB,
            32 * MIB);
    Running noisy =
        rig.start(
            work(List.of("head", "-c", "1000000000", "/dev/zero"), List.of(), Map.of()),
            Duration.ofMinutes(1),
            large);
    noisy.awaitStart();

    AttemptResult quiet = rig.shell("echo quiet");

    assertThat(quiet.successful()).isTrue();
    AttemptResult loud = noisy.join();
    assertThat(loud.successful()).isTrue();
    assertThat(loud.report().output().totalBytes()).isEqualTo(1_000_000_000);
  }

  @Test
  void busyLoopHitsItsCpuLimit() {
    AttemptResult result = start("while :; do :; done", limited(Duration.ofSeconds(1))).join();

    assertThat(reason(result)).isEqualTo("CPU_TIME_LIMIT");
    assertThat(result.report().cpuTime()).isBetween(Duration.ofMillis(800), Duration.ofSeconds(4));
  }

  @Test
  void busyLoopsOfManyProcessesCountTogether() {
    AttemptResult result =
        start(
                "for i in 1 2 3 4; do (while :; do :; done) & done; wait",
                limited(Duration.ofSeconds(2)))
            .join();

    assertThat(reason(result)).isEqualTo("CPU_TIME_LIMIT");
  }

  @Test
  void sleepIsEndedAtItsTimeout() {
    AttemptResult result =
        rig.start(
                work(List.of("sleep", "600"), List.of(), Map.of()), Duration.ofMillis(500), LIMITS)
            .join();

    assertThat(reason(result)).isEqualTo("WALL_TIME_LIMIT");
  }

  @Test
  void commandThatIgnoresSigtermDiesAfterTheGrace() {
    AttemptResult result =
        rig.start(
                work(
                    List.of("/bin/sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"),
                    List.of(),
                    Map.of()),
                Duration.ofMillis(500),
                LIMITS)
            .join();

    assertThat(reason(result)).isEqualTo("WALL_TIME_LIMIT");
    assertThat(result.report().wallTime()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
  }

  @Test
  void commandMayTidyUpAtSigterm() {
    Running running =
        rig.start(
            work(
                List.of(
                    "/bin/sh", "-c", "trap 'echo tidied; exit 3' TERM; touch up; sleep 600 & wait"),
                List.of(),
                Map.of()));
    running.awaitStart();
    rig.awaitFile("up");

    running.execution().end(EndReason.CANCELLED);
    AttemptResult result = running.join();

    assertThat(reason(result)).isEqualTo("CANCELLED_BY_USER");
    assertThat(SandboxRig.stdout(result)).contains("tidied");
  }

  @Test
  void daemonsThatDetachDieWithTheirCommand() {
    AttemptResult result =
        rig.shell(
            "(setsid sh -c '(setsid sleep 600 >/dev/null 2>&1 &)' >/dev/null 2>&1 &);"
                + " (sleep 600 &) ; echo gone");

    assertThat(result.successful()).isTrue();
    assertThat(result.report().wallTime()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void survivorsOfManyTasksAreNone() {
    List<Running> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(
          rig.start(
              work(
                  List.of("/bin/sh", "-c", "(setsid sleep 600 &) >/dev/null 2>&1; exit 1"),
                  List.of(),
                  Map.of())));
    }

    assertThat(all).allSatisfy(each -> assertThat(reason(each.join())).isEqualTo("EXIT_NONZERO"));
  }

  @Test
  void temporarySpaceIsBounded() {
    AttemptResult result =
        rig.shell("head -c 100000000 /dev/zero > /tmp/fill; stat -c %s /tmp/fill; exit 5");

    assertThat(result.report().exitCode()).isEqualTo(5);
    assertThat(Long.parseLong(SandboxRig.stdout(result).strip()))
        .isLessThanOrEqualTo(LIMITS.scratchBytes());
    assertThat(SandboxRig.combined(result)).contains("No space left");
  }

  @Test
  void fileSizeIsBounded() {
    AttemptResult result = rig.shell("head -c 100000000 /dev/zero > big; stat -c %s big");

    assertThat(Long.parseLong(SandboxRig.stdout(result).strip()))
        .isLessThanOrEqualTo(LIMITS.fileBytes());
  }

  @Test
  void openFilesAreBounded() {
    AttemptResult result =
        rig.run(
            List.of(
                "perl",
                "-e",
                "my @f; for (1..1000) { open(my $h, '<', '/dev/null') or last; push @f, $h; }"
                    + " print scalar(@f);"));

    assertThat(Integer.parseInt(SandboxRig.stdout(result))).isLessThan(LIMITS.openFiles());
  }

  @Test
  void shellOfACommandThatIsKilledLeavesNoOrphan() {
    AttemptResult result = rig.shell("sleep 600 & sleep 600 & kill -9 $$");

    assertThat(result.report().exitCode()).isEqualTo(137);
  }

  private static Running start(String text, Limits limits) {
    return rig.start(
        work(List.of("/bin/sh", "-c", text), List.of(), Map.of()), Duration.ofMinutes(1), limits);
  }

  private static Limits limited(Duration cpu) {
    return new Limits(256 * MIB, 64, cpu, 8 * MIB, Duration.ofSeconds(60), 256, 64 * MIB, 32 * MIB);
  }
}
