package dev.weft.router.domain.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The formula. */
class ChargeTest {

  @Test
  void priceTimesTime() {
    assertThat(Charge.of(2_500_000, Duration.ofHours(1)).micros()).isEqualTo(2_500_000);
    assertThat(Charge.of(2_500_000, Duration.ofSeconds(6)).amount()).isEqualTo("0.004167");
    assertThat(Charge.of(0, Duration.ofDays(1)).amount()).isEqualTo("0.000000");
    assertThat(Charge.NONE.micros()).isZero();
  }

  @Test
  void halfAMicroIsRoundedUpAndLessIsNot() {
    assertThat(Charge.of(1_800_000_000L, Duration.ofNanos(1_000)).micros()).isEqualTo(1);
    assertThat(Charge.of(1_799_999_999L, Duration.ofNanos(1_000)).micros()).isZero();
  }

  /** A million attempts of which each costs a fifth of a micro. */
  @Test
  void whatIsTooLittleToShowIsNotLostInTheSum() {
    Charge one = Charge.of(340_000, Duration.ofMillis(2));
    Charge all = Charge.NONE;
    for (int i = 0; i < 1_000_000; i++) {
      all = all.plus(one);
    }

    assertThat(one.micros()).isZero();
    assertThat(all.micros()).isEqualTo(188_889);
  }

  @Test
  void timeCanBeCutAnywhere() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      long price = random.nextLong(1_000_000_000_000L);
      long first = random.nextLong(1L << 40);
      long second = random.nextLong(1L << 40);

      Charge parts = Charge.of(price, micros(first)).plus(Charge.of(price, micros(second)));

      assertThat(parts).isEqualTo(Charge.of(price, micros(first + second)));
    }
  }

  @Test
  void noAmountOverflowsAndNoneIsNegative() {
    Charge most = Charge.of(1_000_000_000_000L, Duration.ofDays(400));

    assertThat(most.micros()).isEqualTo(9_600_000_000_000_000L);
    assertThat(new Charge(BigInteger.TEN.pow(40)).micros()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> Charge.of(1, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("charge: -1000000 (expected: >= 0)");
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(Math.multiplyExact(micros, 1_000L));
  }
}
