package dev.weft.gateway.domain.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountTest {

  @Test
  void isExactUntilItIsShown() {
    Amount third = Amount.nanos(1).over(3);

    assertThat(third.plus(third).plus(third)).isEqualTo(Amount.nanos(1));
    assertThat(third.micros()).isZero();
    assertThat(third.times(4_500).micros()).isEqualTo(2);
  }

  @Test
  void isRoundedHalfUpToAMillionth() {
    assertThat(Amount.nanos(499).micros()).isZero();
    assertThat(Amount.nanos(500).micros()).isEqualTo(1);
    assertThat(Amount.nanos(1_499).micros()).isEqualTo(1);
    assertThat(Amount.nanos(1_500).micros()).isEqualTo(2);
  }

  @Test
  void isNeverLessThanNothing() {
    assertThat(Amount.nanos(2).less(Amount.nanos(3))).isEqualTo(Amount.ZERO);
    assertThat(Amount.nanos(3).less(Amount.nanos(2))).isEqualTo(Amount.nanos(1));
  }
}
