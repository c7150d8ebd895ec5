package dev.weft.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmitRateTest {

  @ParameterizedTest
  @CsvSource({"100000,200000,2", "1,2,1", "1,1000000,8", "1000,100,2", "7,15,3"})
  void whatIsSharedAndWhatRefillsUntilItIsSpentAreTheBurst(
      long perSecond, long burst, int gateways) {
    SubmitRate rate = new SubmitRate(perSecond, burst, gateways);

    double meanwhile = perSecond * ((rate.leaseNanos() + SubmitRate.HOLD_NANOS) / 1e9);

    assertThat(rate.shared() + meanwhile).isLessThanOrEqualTo(burst + 1e-6);
    assertThat(rate.shared()).isGreaterThanOrEqualTo(1);
    assertThat(Duration.ofNanos(rate.leaseNanos()))
        .isBetween(Duration.ofMillis(25), Duration.ofMillis(500));
    assertThat(rate.localBurst() * gateways).isLessThanOrEqualTo(burst + 1e-6);
  }

  @Test
  void whatCanNotBeKeptIsRefused() {
    assertThatThrownBy(() -> new SubmitRate(0, 10, 1)).hasMessageContaining("rate: 0");
    assertThatThrownBy(() -> new SubmitRate(1_000, 99, 1))
        .hasMessageContaining("burst: 99 (expected: 100..");
    assertThatThrownBy(() -> new SubmitRate(1, 3, 2)).hasMessageContaining("burst: 3");
    assertThatThrownBy(() -> new SubmitRate(1, 10, 0)).hasMessageContaining("gateways: 0");
  }
}
