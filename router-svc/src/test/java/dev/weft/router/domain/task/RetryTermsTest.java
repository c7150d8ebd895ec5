package dev.weft.router.domain.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTermsTest {

  @Test
  void theBackoffDoublesUpToItsLimitAndJitterAddsAtMostHalf() {
    RetryTerms terms = new RetryTerms(20, true, 2_000, 10_000);
    List<Long> least = List.of(2_000L, 4_000L, 8_000L, 10_000L, 10_000L);
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      for (int failures = 1; failures <= least.size(); failures++) {
        long base = least.get(failures - 1);
        assertThat(terms.backoffMillis(failures, random)).isBetween(base, base + base / 2);
      }
    }
  }

  @Test
  void theLongestBackoffAfterTheMostFailuresIsStillANumber() {
    long most = RetryTerms.MOST_BACKOFF_MILLIS;
    RetryTerms terms = new RetryTerms(RetryTerms.MOST_RETRIES, true, most, most);

    assertThat(terms.backoffMillis(Integer.MAX_VALUE, new Random(1))).isBetween(most, 2 * most);
  }

  @Test
  void withoutABackoffItIsRepeatedAtOnce() {
    assertThat(new RetryTerms(3, true, 0, 0).backoffMillis(3, new Random(1))).isZero();
  }
}
