package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenUseTest {

  private final SeenUse seen = new SeenUse();

  @Test
  void theMeanFollowsWhatEndsAndOfNothingIsWhatIsAskedFor() {
    assertThat(seen.tokens("shell", 10_000)).isEqualTo(10_000);
    assertThat(seen.micros("shell")).isZero();

    seen.ended("shell", 4_000, 400);
    assertThat(seen.tokens("shell", 10_000)).isEqualTo(4_000);
    seen.ended("shell", 8_000, 800);
    assertThat(seen.tokens("shell", 10_000)).isEqualTo(5_000);
    assertThat(seen.micros("shell")).isEqualTo(500);
    assertThat(seen.tokens("llm", 7)).isEqualTo(7);
  }

  @Test
  void workThatUsesNoneIsExpectedToUseNoneSoon() {
    seen.ended("shell", 1_000_000_000_000_000L, 1_000_000_000_000L);
    for (int i = 0; i < 150; i++) {
      seen.ended("shell", 0, 0);
    }

    assertThat(seen.tokens("shell", 10_000)).isZero();
    assertThat(seen.micros("shell")).isZero();
  }
}
