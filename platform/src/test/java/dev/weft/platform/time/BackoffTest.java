package dev.weft.platform.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration TWO = Duration.ofSeconds(2);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void growsByItsFactorUpToTheCap() {
    Backoff plain = new Backoff(TWO, 2, MINUTE, 0);

    assertThat(plain.delay(1, new Random(1))).hasSeconds(2);
    assertThat(plain.delay(2, new Random(1))).hasSeconds(4);
    assertThat(plain.delay(3, new Random(1))).hasSeconds(8);
    assertThat(plain.delay(6, new Random(1))).hasSeconds(60);
    assertThat(plain.delay(Integer.MAX_VALUE, new Random(1))).hasSeconds(60);
  }

  @Test
  void jitterOnlyAddsAndIsBounded() {
    Backoff backoff = new Backoff(TWO, 2, MINUTE, 0.5);
    Random random = new Random(2);
    Duration shortest = MINUTE;
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 10_000; i++) {
      Duration delay = backoff.delay(1, random);
      shortest = delay.compareTo(shortest) < 0 ? delay : shortest;
      longest = delay.compareTo(longest) > 0 ? delay : longest;
    }

    assertThat(shortest).isBetween(TWO, TWO.plusMillis(50));
    assertThat(longest).isBetween(Duration.ofMillis(2950), Duration.ofSeconds(3));
  }

  @Test
  void refusesNonsense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ZERO, 2, MINUTE, 0))
        .withMessageContaining("first: PT0S (expected: > PT0S)");
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(TWO, 0.5, MINUTE, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(TWO, Double.NaN, MINUTE, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(MINUTE, 2, TWO, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(TWO, 2, MINUTE, 1.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.doubling(TWO, MINUTE).delay(0, new Random(3)));
  }
}
