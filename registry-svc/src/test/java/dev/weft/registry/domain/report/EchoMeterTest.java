package dev.weft.registry.domain.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EchoMeterTest {

  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");

  private final EchoMeter meter = new EchoMeter();

  @Test
  void nothingIsKnownBeforeTheFirstEcho() {
    meter.acked(T, 0);

    assertThat(meter.latency()).isEmpty();
  }

  @Test
  void theTimeThatTheWorkerKeptTheAckIsNoLatency() {
    meter.acked(T, millis(100));

    meter.echoed(T, Duration.ofMillis(955), millis(1100));

    assertThat(meter.latency()).contains(Duration.ofMillis(45));
  }

  @Test
  void oneSlowRoundMovesItByAFifthOnly() {
    round(0, 40);
    round(1, 140);

    assertThat(meter.latency().orElseThrow().toMillis()).isEqualTo(60);
  }

  @Test
  void manyRoundsConverge() {
    round(0, 500);
    for (int i = 1; i < 60; i++) {
      round(i, 45);
    }

    assertThat((double) meter.latency().orElseThrow().toMillis()).isCloseTo(45, within(1.0));
  }

  @Test
  void aJumpOfTheWallClockChangesNothing() {
    meter.acked(T, millis(0));
    meter.acked(T.minusSeconds(3600), millis(1000));

    meter.echoed(T.minusSeconds(3600), Duration.ofMillis(970), millis(2000));

    assertThat(meter.latency()).contains(Duration.ofMillis(30));
  }

  @Test
  void anInventedEchoSaysNothing() {
    meter.acked(T, 0);

    meter.echoed(T.plusSeconds(1), Duration.ZERO, millis(5));

    assertThat(meter.latency()).isEmpty();
  }

  @Test
  void anAckThatWasKeptLongerThanItWasAwaySaysNothing() {
    meter.acked(T, 0);

    meter.echoed(T, Duration.ofSeconds(10), millis(5));

    assertThat(meter.latency()).isEmpty();
  }

  @Test
  void anAckOfLongAgoSaysNothing() {
    meter.acked(T, 0);
    for (int i = 1; i <= 8; i++) {
      meter.acked(T.plusSeconds(i), millis(i));
    }

    meter.echoed(T, Duration.ZERO, millis(20));

    assertThat(meter.latency()).isEmpty();
  }

  private void round(int number, long latency) {
    Instant ack = T.plusSeconds(number);
    meter.acked(ack, millis(number * 1000L));
    meter.echoed(ack, Duration.ofMillis(500), millis(number * 1000L + 500 + latency));
  }

  private static long millis(long value) {
    return value * 1_000_000;
  }
}
