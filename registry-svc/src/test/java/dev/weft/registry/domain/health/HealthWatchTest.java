package dev.weft.registry.domain.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthWatchTest {

  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Optional<String> FINE = Optional.empty();
  private static final Optional<String> FULL = Optional.of("the disk is full");

  private final HealthWatch watch = new HealthWatch(HealthPolicy.standard(BEAT), 0);

  @Test
  void aWorkerThatBeatsIsHealthy() {
    for (int second = 1; second <= 100; second++) {
      watch.beat(millis(second * 1000L), FINE);
      assertThat(healthy(second * 1000L + 900)).isTrue();
    }
  }

  @Test
  void twoMissingBeatsAreForgiven() {
    watch.beat(millis(1000), FINE);

    assertThat(healthy(4499)).isTrue();
  }

  @Test
  void theThirdMissingBeatMakesUnhealthy() {
    watch.beat(millis(1000), FINE);

    assertThat(watch.verdict(millis(4500)))
        .isEqualTo(new HealthVerdict.Unhealthy("beats are missing (expected: one every 1000 ms)"));
  }

  @Test
  void oneBeatDoesNotMakeHealthyAgain() {
    fallSilentUntil(5000);

    watch.beat(millis(5000), FINE);

    assertThat(healthy(5000)).isFalse();
  }

  @Test
  void twoBeatsInARowMakeHealthyAgain() {
    fallSilentUntil(5000);

    watch.beat(millis(5000), FINE);
    watch.beat(millis(6000), FINE);

    assertThat(healthy(6000)).isTrue();
  }

  @Test
  void aMissingBeatBetweenTwoStartsTheRecoveryAnew() {
    fallSilentUntil(5000);

    watch.beat(millis(5000), FINE);
    watch.beat(millis(7000), FINE);

    assertThat(healthy(7000)).isFalse();
  }

  @Test
  void jitterOfAThirdOfTheIntervalIsNoMiss() {
    fallSilentUntil(5000);

    watch.beat(millis(5000), FINE);
    watch.beat(millis(6330), FINE);

    assertThat(healthy(6330)).isTrue();
  }

  @Test
  void threeBadReportsMakeUnhealthyAndSayWhy() {
    watch.beat(millis(1000), FULL);
    watch.beat(millis(2000), FULL);
    assertThat(healthy(2000)).isTrue();

    watch.beat(millis(3000), FULL);

    assertThat(watch.verdict(millis(3000)))
        .isEqualTo(new HealthVerdict.Unhealthy("the disk is full"));
  }

  @Test
  void twoGoodReportsMakeHealthyAgain() {
    for (int second = 1; second <= 3; second++) {
      watch.beat(millis(second * 1000L), FULL);
    }

    watch.beat(millis(4000), FINE);
    assertThat(healthy(4000)).isFalse();
    watch.beat(millis(5000), FINE);

    assertThat(healthy(5000)).isTrue();
  }

  @Test
  void theWorstLayerDecides() {
    for (int second = 1; second <= 3; second++) {
      watch.beat(millis(second * 1000L), FULL);
    }

    assertThat(watch.verdict(millis(7000)))
        .isEqualTo(new HealthVerdict.Unhealthy("beats are missing (expected: one every 1000 ms)"));
  }

  @Test
  void aStallOfTheJudgeIsNoSilence() {
    ObservedTime time = new ObservedTime(Duration.ofSeconds(1), 0);
    HealthWatch judged = new HealthWatch(HealthPolicy.standard(BEAT), time.at(0));
    judged.beat(time.at(millis(1000)), FINE);

    HealthVerdict afterHalfAMinute = judged.verdict(time.at(millis(31_000)));

    assertThat(afterHalfAMinute).isInstanceOf(HealthVerdict.Healthy.class);
  }

  @Test
  void afterAStallSilenceCountsAgain() {
    ObservedTime time = new ObservedTime(Duration.ofSeconds(1), 0);
    HealthWatch judged = new HealthWatch(HealthPolicy.standard(BEAT), time.at(0));
    judged.beat(time.at(millis(1000)), FINE);
    judged.verdict(time.at(millis(31_000)));

    HealthVerdict verdict = new HealthVerdict.Healthy();
    for (long at = 31_250; at <= 34_000; at += 250) {
      verdict = judged.verdict(time.at(millis(at)));
    }

    assertThat(verdict).isInstanceOf(HealthVerdict.Unhealthy.class);
  }

  private void fallSilentUntil(long at) {
    watch.beat(millis(1000), FINE);
    assertThat(healthy(at - 1)).isFalse();
  }

  private boolean healthy(long at) {
    return watch.verdict(millis(at)) instanceof HealthVerdict.Healthy;
  }

  private static long millis(long value) {
    return value * 1_000_000;
  }
}
