package dev.weft.registry.domain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class WorkAccountTest {

  @Test
  void aNewWorkerHasAFullSuccessRate() {
    assertThat(LifetimeStatistics.NONE.successRate()).isEqualTo(1);
    assertThat(LifetimeStatistics.NONE.meanDuration()).isZero();
    assertThat(LifetimeStatistics.NONE.meanCostMicros()).isZero();
  }

  @Test
  void ratesAndMeansAreOverAllCompletedTasks() {
    LifetimeStatistics lifetime = WorkAccount.EMPTY.report(1, total(3, 1, 8, 400)).lifetime();

    assertThat(lifetime.successRate()).isEqualTo(0.75);
    assertThat(lifetime.meanDuration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(lifetime.meanCostMicros()).isEqualTo(100);
  }

  @Test
  void aRepeatedTotalCountsOnce() {
    WorkAccount once = WorkAccount.EMPTY.report(1, total(5, 0, 5, 5));

    assertThat(once.report(1, total(5, 0, 5, 5))).isSameAs(once);
  }

  @Test
  void aLaterTotalAddsWhatItExceedsTheLastBy() {
    WorkAccount account =
        WorkAccount.EMPTY.report(1, total(5, 1, 10, 50)).report(1, total(7, 1, 14, 70));

    assertThat(account.lifetime()).isEqualTo(new LifetimeStatistics(7, 1, seconds(14), 70));
  }

  @Test
  void aTotalThatFellIsNotBelieved() {
    WorkAccount account = WorkAccount.EMPTY.report(1, total(5, 1, 10, 50));

    assertThat(account.report(1, total(6, 0, 11, 51))).isSameAs(account);
  }

  @Test
  void aNewIncarnationCountsFromZero() {
    WorkAccount account =
        WorkAccount.EMPTY.report(1, total(5, 1, 10, 50)).report(2, total(2, 0, 3, 10));

    assertThat(account.lifetime()).isEqualTo(new LifetimeStatistics(7, 1, seconds(13), 60));
  }

  @Test
  void anOldIncarnationSaysNothingMore() {
    WorkAccount account = WorkAccount.EMPTY.report(2, total(5, 1, 10, 50));

    assertThat(account.report(1, total(100, 0, 100, 100))).isSameAs(account);
  }

  @Test
  void anImpossibleTotalIsRefused() {
    Assertions.assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> total(-1, 0, 0, 0))
        .withMessageStartingWith("succeeded: -1");
    Assertions.assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> total(0, 0, -1, 0))
        .withMessageStartingWith("busy: PT-1S");
  }

  @Test
  void lossRepetitionAndDelayNeverLoseOrDoubleATask() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      WorkAccount account = WorkAccount.EMPTY;
      long expected = 0;
      for (int incarnation = 1; incarnation <= 3; incarnation++) {
        List<CompletedWork> sent = new ArrayList<>();
        long done = 0;
        for (int beat = 0; beat < 20; beat++) {
          done += random.nextInt(5);
          sent.add(total(done, 0, done, done));
          CompletedWork arrives = sent.get(random.nextInt(sent.size()));
          if (random.nextInt(3) > 0) {
            account = account.report(incarnation, arrives);
          }
        }
        account = account.report(incarnation, sent.getLast());
        expected += done;
      }
      assertThat(account.lifetime().succeeded()).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static CompletedWork total(long succeeded, long failed, long seconds, long cost) {
    return new CompletedWork(succeeded, failed, seconds(seconds), cost);
  }

  private static Duration seconds(long value) {
    return Duration.ofSeconds(value);
  }
}
