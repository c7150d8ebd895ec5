package dev.weft.worker.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.agent.BodyEnd.Cause;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleClockTest {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private final IdleClock clock = new IdleClock(Duration.ofMinutes(15), 7 * MINUTE);

  @Test
  void aBodyThatWasNeverUsedIsIdleAfterItsTimeout() {
    assertThat(clock.due(22 * MINUTE - 1)).isEmpty();
    assertThat(clock.due(22 * MINUTE)).contains(Cause.IDLE);
  }

  @Test
  void activityBeginsTheTimeoutAnew() {
    clock.active(20 * MINUTE);

    assertThat(clock.due(34 * MINUTE)).isEmpty();
    assertThat(clock.due(35 * MINUTE)).contains(Cause.IDLE);
  }

  @Test
  void itSaysHowLongNothingHasCounted() {
    clock.active(20 * MINUTE);

    assertThat(clock.idleFor(23 * MINUTE)).isEqualTo(Duration.ofMinutes(3));
    assertThat(clock.idleFor(19 * MINUTE)).isZero();
  }

  @Test
  void anOlderActivityThatIsToldLateChangesNothing() {
    clock.active(20 * MINUTE);
    clock.active(10 * MINUTE);

    assertThat(clock.due(34 * MINUTE)).isEmpty();
  }
}
