package dev.weft.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsagePaceTest {

  private static final long MILLI = Duration.ofMillis(1).toNanos();

  /** When it is looked, in ms since the begin, by who asks each ms. */
  private static List<Long> looks(long begun, long millis) {
    UsagePace pace = new UsagePace(begun);
    List<Long> looks = new ArrayList<>();
    for (long at = 0; at <= millis; at++) {
      if (pace.isDue(begun + at * MILLI)) {
        looks.add(at);
      }
    }
    return looks;
  }

  @Test
  void aYoungProcessIsLookedAtTwentyTimesASecond() {
    assertThat(looks(0, 1_000)).hasSize(20).startsWith(50L, 100L, 150L);
  }

  @Test
  void anOldOneFourTimes() {
    assertThat(looks(0, 20_000).stream().filter(at -> at > 10_000)).hasSize(40);
  }

  @Test
  void noLookIsLaterThanATwentiethOfTheAge() {
    List<Long> looks = looks(0, 20_000);
    for (int i = 1; i < looks.size(); i++) {
      long before = looks.get(i - 1);
      assertThat(looks.get(i) - before).isLessThanOrEqualTo(Math.max(50, before / 20 + 1));
    }
  }

  @Test
  void aTickerThatOverflowsIsNoMatter() {
    assertThat(looks(Long.MAX_VALUE - 100 * MILLI, 1_000)).hasSize(20);
  }
}
