package dev.weft.router.domain.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CreditTest {

  private static final Resources ONE_CORE = new Resources(1_000, 1 << 20, 0, 0);
  private final Credit credit = new Credit(() -> {});

  @Test
  void nothingFitsWithoutACapacity() {
    assertThat(credit.fits("shell", Resources.NONE)).isFalse();
  }

  @Test
  void slotsAndAmountsBothBound() {
    credit.capacity(new Capacity(1, new Resources(3_000, 1 << 30, 0, 0), Map.of("shell", 2)));
    credit.take("shell", ONE_CORE);
    assertThat(credit.fits("shell", ONE_CORE)).isTrue();
    assertThat(credit.fits("shell", new Resources(2_001, 0, 0, 0))).isFalse();
    credit.take("shell", ONE_CORE);
    assertThat(credit.fits("shell", Resources.NONE)).as("no slot left").isFalse();
    assertThat(credit.fits("noop", Resources.NONE)).as("kind not offered").isFalse();
  }

  @Test
  void anOlderVectorChangesNothing() {
    credit.capacity(new Capacity(5, Resources.NONE, Map.of("noop", 4)));
    assertThat(credit.capacity(new Capacity(4, Resources.NONE, Map.of("noop", 9)))).isFalse();
    assertThat(credit.capacity().slots("noop")).isEqualTo(4);
  }

  @Test
  void whatIsTakenOutlivesTheStreamThatOfferedIt() {
    credit.capacity(new Capacity(9, Resources.NONE, Map.of("noop", 1)));
    credit.take("noop", Resources.NONE);
    credit.forgetCapacity();
    credit.capacity(new Capacity(1, Resources.NONE, Map.of("noop", 1)));
    assertThat(credit.fits("noop", Resources.NONE)).isFalse();
    credit.giveBack("noop", Resources.NONE);
    assertThat(credit.fits("noop", Resources.NONE)).isTrue();
    assertThat(credit.unused()).isTrue();
  }

  @Test
  void theLoadIsThatOfTheScarcestPart() {
    credit.capacity(new Capacity(1, new Resources(10_000, 2 << 20, 0, 0), Map.of("shell", 10)));
    credit.take("shell", ONE_CORE);
    assertThat(credit.load("shell")).isEqualTo(0.5);
  }

  @Test
  void eachKindOfWorkHasSlotsOfItsOwn() {
    credit.take("shell", Resources.NONE);
    credit.take("noop", Resources.NONE);
    credit.capacity(new Capacity(1, Resources.NONE, Map.of("shell", 1, "noop", 2, "llm", 1)));

    assertThat(credit.fits("shell", Resources.NONE)).isFalse();
    assertThat(credit.fits("noop", Resources.NONE)).isTrue();
    assertThat(credit.fits("llm", Resources.NONE)).isTrue();
    credit.giveBack("shell", Resources.NONE);
    assertThat(credit.unused()).isFalse();
    credit.giveBack("noop", Resources.NONE);
    assertThat(credit.unused()).isTrue();
  }
}
