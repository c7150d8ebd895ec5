package dev.weft.router.domain.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TokenUseTest {

  private static TokenUse use(Map<String, TokenCount> models) {
    return new TokenUse(new TreeMap<>(models));
  }

  @Test
  void ofTwoViewsOfOneAttemptTheLargerOfEachNumberCounts() {
    TokenUse one = use(Map.of("a", new TokenCount(10, 1), "b", new TokenCount(1, 1)));
    TokenUse other = use(Map.of("a", new TokenCount(9, 4), "c", new TokenCount(2, 2)));

    TokenUse all = one.atLeast(other);

    assertThat(all)
        .isEqualTo(
            use(
                Map.of(
                    "a",
                    new TokenCount(10, 4),
                    "b",
                    new TokenCount(1, 1),
                    "c",
                    new TokenCount(2, 2))));
    assertThat(all).isEqualTo(other.atLeast(one)).isEqualTo(all.atLeast(all));
    assertThat(all.total()).isEqualTo(20);
  }

  @Test
  void sumsStopAtTheHighestNumber() {
    TokenCount huge = new TokenCount(Long.MAX_VALUE, 5);

    assertThat(huge.total()).isEqualTo(Long.MAX_VALUE);
    assertThat(huge.plus(huge)).isEqualTo(new TokenCount(Long.MAX_VALUE, 10));
    assertThat(use(Map.of("a", huge, "b", huge)).total()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void thereAreNoNegativeTokens() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenCount(-1, 0))
        .withMessage("tokens: -1 in, 0 out (expected: >= 0)");
  }
}
