package dev.weft.platform.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixedIdTest {

  private static final String ZEROS = "tsk_00000000000000000000000000";

  @Test
  void writesPrefixAndTwentySixDigits() {
    assertThat(PrefixedId.format("tsk", new UUID(0, 0))).isEqualTo(ZEROS);
    assertThat(PrefixedId.format("tsk", new UUID(0, 33)))
        .isEqualTo("tsk_00000000000000000000000011");
    assertThat(PrefixedId.format("wkr", new UUID(-1, -1)))
        .isEqualTo("wkr_7zzzzzzzzzzzzzzzzzzzzzzzzz");
  }

  @Test
  void readsBackWhatItWrote() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      assertThat(PrefixedId.parse("att", PrefixedId.format("att", id))).isEqualTo(id);
    }
  }

  @Test
  void textSortsLikeTheUnsignedBits() {
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      UUID a = new UUID(random.nextLong(), random.nextLong());
      UUID b = new UUID(random.nextLong(), random.nextLong());
      int bits = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
      int text = PrefixedId.format("x", a).compareTo(PrefixedId.format("x", b));
      assertThat(Integer.signum(text)).isEqualTo(Integer.signum(bits));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tsk",
        "tsk_",
        "tsk_0000000000000000000000000",
        "tsk_000000000000000000000000000",
        "wkr_00000000000000000000000000",
        "tsk-00000000000000000000000000",
        "tsk_80000000000000000000000000",
        "tsk_0000000000000000000000000I",
        "tsk_0000000000000000000000000i",
        "tsk_0000000000000000000000000u",
        "tsk_0000000000000000000000000A",
        "tsk_0000000000000000000000000é",
        "tsk_ 0000000000000000000000000"
      })
  void refusesAnyOtherSpellingAndNamesIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrefixedId.parse("tsk", text))
        .withMessageContaining("id: " + text)
        .withMessageContaining("expected: tsk_");
  }

  @Test
  void aRefusalQuotesOnlyTheStartOfLongText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrefixedId.parse("tsk", "x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }
}
