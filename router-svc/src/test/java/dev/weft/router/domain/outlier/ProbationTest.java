package dev.weft.router.domain.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbationTest extends OutlierRig {

  @Test
  void itComesBackAfterItsTimeAndThreeGoodEndsOneAtATimeClearIt() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(29));
    assertThat(look()).isEmpty();
    assertThat(outliers.away("shell", SHAPE)).containsOnlyKeys(SUSPECT);
    pass(Duration.ofSeconds(1));
    assertThat(look()).hasSize(1);
    assertThat(outliers.away("shell", SHAPE)).isEmpty();
    for (int i = 0; i < 3; i++) {
      long probe = lease();
      assertThat(outliers.away("shell", SHAPE).get(SUSPECT))
          .startsWith("on probation with this tenant's shell work, one attempt at a time");
      assertThat(end(probe, Evidence.ANSWERED)).isEmpty();
      assertThat(outliers.away("shell", SHAPE)).isEmpty();
    }
    lease();
    assertThat(outliers.away("shell", SHAPE)).isEmpty();
  }

  @Test
  void oneFaultOnProbationPutsItOutTwiceAsLongUpToTenMinutes() {
    Suspicion suspicion = fault();
    for (long seconds : new long[] {30, 60, 120, 240, 480, 600, 600}) {
      Ejection ejection = outliers.eject(suspicion, now);
      assertThat(ejection.length()).isEqualTo(Duration.ofSeconds(seconds));
      pass(ejection.length());
      look();
      suspicion = end(lease(), Evidence.WORKER_FAILED).orElseThrow();
    }
  }

  @Test
  void ofWorkThatFailsNowAndThenOneFailureOnProbationDoesNotPutItOut() {
    others(Evidence.ANSWERED, 30, 50);
    outliers.eject(until(Evidence.WORK_FAILED, 50, 10), now);
    pass(Duration.ofSeconds(30));
    look();
    assertThat(end(lease(), Evidence.WORK_FAILED)).isEmpty();
    assertThat(end(lease(), Evidence.ANSWERED)).isEmpty();
    assertThat(end(lease(), Evidence.ANSWERED)).isEmpty();
    lease();
    assertThat(outliers.away("shell", SHAPE)).as("cleared").isEmpty();
  }

  @Test
  void ofWorkThatStillFailsThreeEndsOnProbationPutItOutAgain() {
    others(Evidence.ANSWERED, 30, 50);
    outliers.eject(until(Evidence.WORK_FAILED, 50, 10), now);
    pass(Duration.ofSeconds(30));
    look();
    assertThat(end(lease(), Evidence.WORK_FAILED)).isEmpty();
    assertThat(end(lease(), Evidence.WORK_FAILED)).isEmpty();
    Suspicion again = end(lease(), Evidence.WORK_FAILED).orElseThrow();
    assertThat(outliers.eject(again, now).times()).isEqualTo(2);
  }

  @Test
  void aSlowWorkerHasToShowOnProbationThatItIsNoLongerSlow() {
    others(Evidence.ANSWERED, 40, 400);
    outliers.eject(until(Evidence.ANSWERED, 9_000, 10), now);
    pass(Duration.ofSeconds(30));
    look();
    for (int i = 0; i < 2; i++) {
      assertThat(endAfter(lease(), Evidence.ANSWERED, 9_000)).isEmpty();
    }
    assertThat(endAfter(lease(), Evidence.ANSWERED, 9_000)).isPresent();
  }

  @Test
  void onProbationOnlyTheOneAttemptThatItGotCounts() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(30));
    look();
    assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 10_000)).as("leased before").isEmpty();
    long probe = lease();
    assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 10_000)).as("leased before").isEmpty();
    assertThat(outliers.away("shell", SHAPE)).containsOnlyKeys(SUSPECT);
    assertThat(end(probe, Evidence.NOTHING)).isEmpty();
    outliers.takeTouched();
    assertThat(outliers.away("shell", SHAPE)).as("cancelled").containsOnlyKeys(SUSPECT);
    look();
    assertThat(outliers.takeTouched()).contains(Scope.all("shell"));
    assertThat(outliers.away("shell", SHAPE)).as("the next may begin").isEmpty();
    assertThat(end(lease(), Evidence.WORKER_FAILED)).isPresent();
  }

  @Test
  void afterTenGoodMinutesTheNextIsAFirstAgain() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(30));
    look();
    for (int i = 0; i < 3; i++) {
      end(lease(), Evidence.ANSWERED);
    }
    pass(Duration.ofSeconds(601));
    look();
    assertThat(outliers.eject(fault(), now).times()).isEqualTo(1);
  }
}
