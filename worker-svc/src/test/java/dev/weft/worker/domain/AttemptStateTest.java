package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptState.Assigned;
import dev.weft.worker.domain.AttemptState.Ending;
import dev.weft.worker.domain.AttemptState.Running;
import dev.weft.worker.domain.AttemptState.Starting;
import dev.weft.worker.domain.Usage.KernelHit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptStateTest {

  private static final AttemptKey KEY = new AttemptKey("tsk_x", 2, 7);
  private static final Limits LIMITS =
      new Limits(100, 10, Duration.ofSeconds(5), 1000, Duration.ofSeconds(60), 10, 10, 10);

  @Test
  void attemptGoesFromAssignedToEnded() {
    Starting starting =
        new Assigned(
                new Assignment(
                    KEY, "t", new Work.Noop(), Resources.NONE, Duration.ofSeconds(1), ""))
            .starting();
    Running running = starting.running(100);
    Ending ending = running.ending(EndReason.CANCELLED);

    assertThat(running.sinceNanos()).isEqualTo(100);
    assertThat(ending.ended(AttemptResult.succeeded(KEY, AttemptResult.Report.EMPTY)).key())
        .isEqualTo(KEY);
  }

  @Test
  void everyEndReasonHasAnOutcomeThatCostsNoRetry() {
    for (EndReason reason : EndReason.values()) {
      assertThat(reason.failure().reason().kind()).isNotEqualTo(FailureReason.Kind.FAILED);
    }
  }

  @Test
  void epochsOnlyGrow() {
    EpochGuard guard = new EpochGuard();

    assertThat(guard.admit(5)).isTrue();
    assertThat(guard.admit(5)).isTrue();
    assertThat(guard.admit(4)).isFalse();
    assertThat(guard.highest()).isEqualTo(5);
  }

  @Test
  void limitIsHitOnlyAboveIt() {
    Usage at = new Usage(Duration.ofSeconds(5), 100, 100, 10, KernelHit.NONE);

    assertThat(LIMITS.breach(at, Duration.ofSeconds(60), 1000)).isEmpty();
    assertThat(reason(usage(5, 101, 10, KernelHit.NONE), 1, 1)).isEqualTo("MEMORY_LIMIT");
    assertThat(reason(usage(5, 0, 10, KernelHit.MEMORY), 1, 1)).isEqualTo("MEMORY_LIMIT");
    assertThat(reason(usage(5, 0, 11, KernelHit.NONE), 1, 1)).isEqualTo("PROCESS_LIMIT");
    assertThat(reason(usage(5, 0, 0, KernelHit.PROCESSES), 1, 1)).isEqualTo("PROCESS_LIMIT");
    assertThat(reason(usage(6, 0, 0, KernelHit.NONE), 1, 1)).isEqualTo("CPU_TIME_LIMIT");
    assertThat(reason(usage(5, 0, 0, KernelHit.NONE), 1, 1001)).isEqualTo("OUTPUT_LIMIT");
    assertThat(reason(usage(5, 0, 0, KernelHit.NONE), 61, 1)).isEqualTo("WALL_TIME_LIMIT");
  }

  @Test
  void taskCanLowerALimitButNotRaiseIt() {
    Limits lower = LIMITS.forTask(new Resources(0, 50, 0), Duration.ofSeconds(10));
    Limits higher = LIMITS.forTask(new Resources(0, 5000, 0), Duration.ofHours(10));

    assertThat(lower.memoryBytes()).isEqualTo(50);
    assertThat(lower.wallTime()).isEqualTo(Duration.ofSeconds(10));
    assertThat(higher).isEqualTo(LIMITS);
  }

  private static Usage usage(int cpuSeconds, long memory, int processes, KernelHit hit) {
    return new Usage(Duration.ofSeconds(cpuSeconds), memory, memory, processes, hit);
  }

  private static String reason(Usage usage, int wallSeconds, long written) {
    return LIMITS
        .breach(usage, Duration.ofSeconds(wallSeconds), written)
        .orElseThrow()
        .reason()
        .name();
  }
}
