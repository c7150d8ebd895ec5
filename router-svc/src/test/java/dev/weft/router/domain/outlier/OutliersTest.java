package dev.weft.router.domain.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.placement.Workers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutliersTest extends OutlierRig {

  @Test
  void fiveFailuresByItsOwnFaultWhereOthersHaveNonePutAWorkerOut() {
    others(Evidence.ANSWERED, 10, 50);
    for (int i = 0; i < 4; i++) {
      assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 5)).isEmpty();
    }
    Suspicion found = end(SUSPECT, Evidence.WORKER_FAILED, 5).orElseThrow();
    assertThat(found.cause()).isEqualTo(Cause.OWN_FAULTS);
    assertThat(found.scope()).isEqualTo(Scope.all("shell"));
    assertThat(found.why())
        .isEqualTo("100% of attempts failed by the worker's own fault (others: 0%)");
  }

  @Test
  void faultsThatAllWorkersHaveAreNobodysOwn() {
    others(Evidence.WORKER_FAILED, 40, 5);
    for (int i = 0; i < 40; i++) {
      assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 5)).isEmpty();
    }
  }

  @Test
  void withoutOthersToCompareWithItTakesTwiceAsMany() {
    for (int i = 0; i < 9; i++) {
      assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 5)).isEmpty();
    }
    assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 5)).isPresent();
  }

  @Test
  void commandsThatFailEverywhereSpeakAgainstNobody() {
    others(Evidence.WORK_FAILED, 200, 50);
    for (int i = 0; i < 100; i++) {
      assertThat(end(SUSPECT, Evidence.WORK_FAILED, 50)).isEmpty();
    }
  }

  @Test
  void commandsThatFailHereAndNotElsewherePutAWorkerOutForThatWorkAlone() {
    others(Evidence.ANSWERED, 30, 50);
    Suspicion found = until(Evidence.WORK_FAILED, 50, 10);
    assertThat(found.cause()).isEqualTo(Cause.ERRORS);
    outliers.eject(found, now);
    assertThat(outliers.away("shell", SHAPE)).containsOnlyKeys(SUSPECT);
    assertThat(outliers.away("shell", SHAPE + 1)).isEmpty();
    assertThat(outliers.takeTouched()).containsExactly(new Scope("shell", SHAPE));
  }

  @Test
  void commandsThatTheirKeySentHereAreNotCompared() {
    others(Evidence.ANSWERED, 100, 50);
    for (int i = 0; i < 100; i++) {
      assertThat(outliers.ended(ended(SUSPECT, true, Evidence.WORK_FAILED, 50))).isNull();
    }
  }

  @Test
  void whatNoWorkerCouldDoIsNotCounted() {
    others(Evidence.ANSWERED, 100, 50);
    for (int i = 0; i < 100; i++) {
      assertThat(end(SUSPECT, Evidence.NOTHING, 5)).isEmpty();
    }
  }

  @Test
  void aWorkerThatTakesFiveTimesAsLongIsOutAndOneThatTakesTwiceIsNot() {
    others(Evidence.ANSWERED, 40, 400);
    for (int i = 0; i < 50; i++) {
      assertThat(end(Workers.id(5), Evidence.ANSWERED, 800)).isEmpty();
    }
    assertThat(until(Evidence.ANSWERED, 9_000, 10).cause()).isEqualTo(Cause.LATENCY);
  }

  @Test
  void millisecondsMoreAreNoOutlierHoweverManyTimes() {
    others(Evidence.ANSWERED, 100, 2);
    for (int i = 0; i < 100; i++) {
      assertThat(end(SUSPECT, Evidence.ANSWERED, 60)).isEmpty();
    }
  }

  @Test
  void workOfMixedLengthMakesNobodySlow() {
    for (int i = 0; i < 40; i++) {
      end(Workers.id(2 + i % 3), Evidence.ANSWERED, i % 2 == 0 ? 100 : 100_000);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(end(SUSPECT, Evidence.ANSWERED, 100_000)).isEmpty();
    }
  }

  @Test
  void aWorkerThatIsGoneIsForgotten() {
    outliers.eject(fault(), now);
    outliers.look(now, worker -> false);
    assertThat(outliers.out()).isZero();
    assertThat(outliers.away("shell", SHAPE)).isEmpty();
    assertThat(outliers.idle()).isTrue();
  }

  @Test
  void whatIsOldIsForgottenHoweverMuchIsNew() {
    for (int shape = 1; shape <= 2_000; shape++) {
      pass(Duration.ofSeconds(1));
      outliers.ended(
          new Ended(SUSPECT, ++fence, "shell", shape, false, Evidence.ANSWERED, now, now));
      look();
    }
    // One a second, for a window and its last slice, and one for all of the executor.
    assertThat(outliers.windows()).isLessThan(600);
    pass(Duration.ofMinutes(7));
    for (int i = 0; i < 200; i++) {
      look();
    }
    assertThat(outliers.idle()).isTrue();
  }

  @Test
  void whatIsDroppedLeavesNothing() {
    others(Evidence.ANSWERED, 30, 50);
    outliers.eject(until(Evidence.WORK_FAILED, 50, 10), now);
    int before = outliers.windows();
    outliers.drop(new Scope("shell", SHAPE));
    assertThat(outliers.windows()).isLessThan(before);
    assertThat(outliers.away("shell", SHAPE)).isEmpty();
    assertThat(outliers.out()).isZero();
  }

  @Test
  void theFleetIsLookedThroughOnceASecondForAScopeHoweverManyAreSuspected() {
    int[] passes = {0};
    Scope scope = new Scope("shell", SHAPE);
    for (int worker = 1; worker <= 100; worker++) {
      Suspicion suspicion = new Suspicion(Workers.id(worker), scope, Cause.ERRORS, "all of them");
      if (outliers.mayGo(
          scope,
          now,
          () -> {
            passes[0]++;
            return 90;
          })) {
        outliers.eject(suspicion, now);
      }
      pass(Duration.ofMillis(9));
    }
    assertThat(passes[0]).isEqualTo(1);
    assertThat(outliers.out()).as("a third of 90").isEqualTo(29);
  }

  @Test
  void whoIsOutOfAllIsNotCountedTwice() {
    outliers.eject(fault(), now);
    Scope work = new Scope("shell", SHAPE);
    outliers.eject(new Suspicion(SUSPECT, work, Cause.ERRORS, "all of them"), now);
    assertThat(outliers.mayGo(work, now, () -> 9)).as("one of nine is out").isTrue();
    outliers.eject(new Suspicion(Workers.id(2), work, Cause.ERRORS, "all of them"), now);
    assertThat(outliers.mayGo(work, now, () -> 9)).as("two of nine are out").isFalse();
  }

  @Test
  void whatATenantIsToldHasSharesAndNoCounts() {
    others(Evidence.ANSWERED, 27, 50);
    others(Evidence.WORK_FAILED, 3, 50);
    assertThat(until(Evidence.WORK_FAILED, 50, 10).why())
        .isEqualTo("100% of attempts failed (others: 10%)");
  }

  @Test
  void oldFailuresDoNotCount() {
    others(Evidence.ANSWERED, 10, 50);
    for (int i = 0; i < 4; i++) {
      end(SUSPECT, Evidence.WORKER_FAILED, 5);
    }
    pass(Duration.ofMinutes(6));
    others(Evidence.ANSWERED, 10, 50);
    assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 5)).isEmpty();
  }
}
