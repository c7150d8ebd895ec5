package dev.weft.artifact.domain.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadPositionTest {

  private final ReadPosition place = new ReadPosition(5);

  @Test
  void whatWasSeenIsDropped() {
    assertThat(place.take(Chunks.chunk(5))).isEmpty();
    assertThat(place.take(new Gap(2, 5, GapReason.LOG_GAP))).isEmpty();
    assertThat(place.last()).isEqualTo(5);
  }

  @Test
  void theNextIsTaken() {
    assertThat(place.take(Chunks.chunk(6))).containsExactly(Chunks.chunk(6));
    assertThat(place.last()).isEqualTo(6);
  }

  @Test
  void aGapIsToldFromTheReadersPlaceOn() {
    assertThat(place.take(new Gap(3, 9, GapReason.LOG_GAP)))
        .containsExactly(new Gap(6, 9, GapReason.LOG_GAP));
    assertThat(place.last()).isEqualTo(9);
  }

  @Test
  void aHoleIsNeverSilent() {
    assertThat(place.take(Chunks.chunk(9)))
        .containsExactly(new Gap(6, 8, GapReason.SLOW_READER), Chunks.chunk(9));
  }
}
