package dev.weft.router.domain.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterTest {

  private static final Budget TEN = new Budget(10_000, "USD");

  /** A micro per millisecond. */
  private static final long PRICE = 3_600_000;

  @Test
  void aBudgetLastsForItsAmountByThePrice() {
    assertThat(new Meter(TEN, Charge.NONE, PRICE).reachMillis()).isEqualTo(10_000);
    assertThat(new Meter(TEN, Charge.NONE, 2 * PRICE).reachMillis()).isEqualTo(5_000);
  }

  @Test
  void whatEarlierAttemptsCostIsTakenOff() {
    Charge earlier = Charge.of(PRICE, Duration.ofMillis(7_250));

    Meter meter = new Meter(TEN, earlier, PRICE);

    assertThat(meter.reachMillis()).isEqualTo(2_750);
    assertThat(meter.stopMillis()).isEqualTo(2_250);
    assertThat(meter.after(Duration.ofMillis(2_750)).micros()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @CsvSource({"1,7", "999,1000003", "5000000,2500000", "123456789,987654321"})
  void itNeverReachesPastTheBudgetAndLosesLessThanAMillisecond(long budget, long price) {
    Meter meter = new Meter(new Budget(budget, "USD"), Charge.of(price, Duration.ZERO), price);
    Charge whole = new Charge(BigInteger.valueOf(budget).multiply(hour()));
    Duration reach = Duration.ofMillis(meter.reachMillis());

    assertThat(meter.after(reach).microHours()).isLessThanOrEqualTo(whole.microHours());
    assertThat(meter.after(reach.plusMillis(1)).microHours()).isGreaterThan(whole.microHours());
  }

  @Test
  void whatIsFreeHasNoEndAndWhatIsSpentNoTime() {
    assertThat(new Meter(TEN, Charge.NONE, 0).stopMillis()).isEqualTo(Meter.NEVER);
    assertThat(new Meter(new Budget(Long.MAX_VALUE, "USD"), Charge.NONE, 1).stopMillis())
        .isEqualTo(Meter.NEVER);
    Meter spent = new Meter(TEN, Charge.of(PRICE, Duration.ofSeconds(11)), PRICE);
    assertThat(spent.reachMillis()).isZero();
    assertThat(spent.stopMillis()).isZero();
  }

  @Test
  void lessThanASecondIsNotWorthAStart() {
    assertThat(new Meter(new Budget(1_000, "USD"), Charge.NONE, PRICE).worthwhile()).isTrue();
    assertThat(new Meter(new Budget(999, "USD"), Charge.NONE, PRICE).worthwhile()).isFalse();
  }

  @Test
  void aBudgetHasAnAmountAndACurrencyOrNeither() {
    assertThat(Budget.NONE.isSet()).isFalse();
    assertThat(new Budget(4_150, "USD").amount()).isEqualTo("0.004150");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Budget(1, ""))
        .withMessageContaining("1 micros");
    assertThatIllegalArgumentException().isThrownBy(() -> new Budget(0, "USD"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Budget(-1, "USD"));
  }

  private static BigInteger hour() {
    return BigInteger.valueOf(Duration.ofHours(1).toMillis() * 1_000);
  }
}
