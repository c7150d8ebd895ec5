package dev.weft.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.FailureBucket.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureBucketTest {

  private static final Rate RATE = new Rate(3, Duration.ofSeconds(2));

  @Test
  void aBurstIsAllowedAndThenOneTryPerRefill() {
    FailureBucket bucket = FailureBucket.full(RATE, 0);
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.open()).isTrue();
      bucket = bucket.failed();
    }

    assertThat(bucket.wait(RATE)).isEqualTo(Duration.ofSeconds(2));
    assertThat(bucket.at(Duration.ofSeconds(1).toNanos(), RATE).wait(RATE))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(bucket.at(Duration.ofSeconds(2).toNanos(), RATE).open()).isTrue();
  }

  @Test
  void aFloodDoesNotLengthenTheWaitNorPatienceFillOverTheBurst() {
    FailureBucket flooded = FailureBucket.full(RATE, 0);
    for (int i = 0; i < 1000; i++) {
      flooded = flooded.failed();
    }

    assertThat(flooded.wait(RATE)).isEqualTo(Duration.ofSeconds(2));
    assertThat(flooded.at(Duration.ofDays(1).toNanos(), RATE).level()).isEqualTo(3);
  }

  @Test
  void gatewaysShareTheBound() {
    assertThat(new Rate(20, Duration.ofSeconds(3)).share(2))
        .isEqualTo(new Rate(10, Duration.ofSeconds(6)));
    assertThat(new Rate(1, Duration.ofSeconds(3)).share(5).burst()).isEqualTo(1);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new Rate(0, Duration.ofSeconds(1))).hasMessageContaining("burst: 0");
    assertThatThrownBy(() -> new Rate(1, Duration.ZERO)).hasMessageContaining("refill: PT0S");
  }
}
