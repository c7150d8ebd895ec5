package dev.weft.router.domain.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TokenTallyTest {

  private static final long MONDAY = 20_513;
  private static final long TUESDAY = MONDAY + 1;

  @Test
  void whatIsToldTwiceOrWithLessIsNoNews() {
    TokenTally tally = TokenTally.NONE.heard(use("small", 10), MONDAY);

    assertThat(tally.heard(use("small", 10), TUESDAY)).isSameAs(tally);
    assertThat(tally.heard(use("small", 7), TUESDAY)).isSameAs(tally);
    assertThat(TokenTally.NONE.heard(TokenUse.NONE, MONDAY)).isSameAs(TokenTally.NONE);
  }

  @Test
  void aDaysPartIsWhatWasToldSinceItBegan() {
    TokenTally monday =
        TokenTally.NONE.heard(use("small", 10), MONDAY).heard(use("small", 25), MONDAY);
    assertThat(monday.of(MONDAY)).isEqualTo(use("small", 25));
    assertThat(monday.of(TUESDAY)).isEqualTo(TokenUse.NONE);

    TokenTally tuesday = monday.heard(use("small", 31), TUESDAY).heard(use("large", 4), TUESDAY);

    assertThat(tuesday.total().total()).isEqualTo(35);
    assertThat(tuesday.of(TUESDAY).models())
        .isEqualTo(Map.of("small", new TokenCount(6, 0), "large", new TokenCount(4, 0)));
    assertThat(tuesday.of(MONDAY)).isEqualTo(TokenUse.NONE);
  }

  @Test
  void aClockThatIsSetBackBeginsNoOtherDay() {
    TokenTally tally =
        TokenTally.NONE.heard(use("small", 10), TUESDAY).heard(use("small", 15), MONDAY);

    assertThat(tally.day()).isEqualTo(TUESDAY);
    assertThat(tally.of(TUESDAY)).isEqualTo(use("small", 15));
  }

  private static TokenUse use(String model, long input) {
    return new TokenUse(new TreeMap<>(Map.of(model, new TokenCount(input, 0))));
  }
}
