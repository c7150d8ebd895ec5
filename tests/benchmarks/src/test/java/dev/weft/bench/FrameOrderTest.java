package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrameOrderTest {

  private final FrameOrder order = new FrameOrder();

  private void all(String... cursors) {
    for (String cursor : cursors) {
      order.take(cursor);
    }
  }

  @Test
  void framesOfABodyAndOfTheNextOneFollowEachOther() {
    all("2.7", "2.8", "3.1", "5.1", "5.2");

    assertThat(order.cursor()).isEqualTo("5.2");
  }

  @Test
  void aMissingFrameIsAFailure() {
    all("1.1", "1.2");

    assertThatThrownBy(() -> order.take("1.4"))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("1.4 came after 1.2");
  }

  @Test
  void aFrameThatComesTwiceIsAFailure() {
    all("1.1", "1.2");

    assertThatThrownBy(() -> order.take("1.2")).isInstanceOf(BenchFailure.class);
  }

  @Test
  void aBodyThatDoesNotBeginWithItsFirstFrameIsAFailure() {
    all("1.1");

    assertThatThrownBy(() -> order.take("2.2")).isInstanceOf(BenchFailure.class);
  }

  @Test
  void aGapThatWasToldMayBeJumpedButNothingComesBack() {
    all("1.1");
    order.gap();
    all("1.9", "1.10");
    order.gap();

    assertThatThrownBy(() -> order.take("1.4")).isInstanceOf(BenchFailure.class);
  }
}
