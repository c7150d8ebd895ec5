package dev.weft.router.domain.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutliersTest {

  private static final WorkerId SUSPECT = Workers.id(1);
  private static final int SHAPE = 7;
  private final Outliers outliers = new Outliers(OutlierPolicy.STANDARD);
  private long now = -Duration.ofHours(1).toNanos();

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
        .isEqualTo("5 of 5 attempts failed by the worker's own fault (others: 0 of 10)");
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
    assertThat(outliers.out(SUSPECT, "shell", SHAPE)).isNotNull();
    assertThat(outliers.out(SUSPECT, "shell", SHAPE + 1)).isNull();
    assertThat(outliers.out(SUSPECT, "shell", 0)).isNull();
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
  void itComesBackAfterItsTimeAndThreeGoodEndsClearIt() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(29));
    assertThat(outliers.look(now)).isEmpty();
    assertThat(outliers.out(SUSPECT, "shell", SHAPE)).isNotNull();
    pass(Duration.ofSeconds(1));
    assertThat(outliers.look(now)).hasSize(1);
    assertThat(outliers.out(SUSPECT, "shell", SHAPE)).isNull();
    assertThat(outliers.probing(SUSPECT, "shell")).isTrue();
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      assertThat(outliers.probing(SUSPECT, "shell")).isTrue();
      end(SUSPECT, Evidence.ANSWERED, 50);
    }
    assertThat(outliers.probing(SUSPECT, "shell")).isFalse();
  }

  @Test
  void oneFaultOnProbationPutsItOutTwiceAsLongUpToTenMinutes() {
    Suspicion suspicion = fault();
    for (long seconds : new long[] {30, 60, 120, 240, 480, 600, 600}) {
      Ejection ejection = outliers.eject(suspicion, now);
      assertThat(ejection.length()).isEqualTo(Duration.ofSeconds(seconds));
      pass(ejection.length());
      outliers.look(now);
      pass(Duration.ofSeconds(1));
      suspicion = end(SUSPECT, Evidence.WORKER_FAILED, 5).orElseThrow();
    }
  }

  @Test
  void whatBeganBeforeTheReturnIsNotHeldAgainstIt() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(30));
    outliers.look(now);
    assertThat(end(SUSPECT, Evidence.WORKER_FAILED, 10_000)).as("of before").isEmpty();
    assertThat(outliers.probing(SUSPECT, "shell")).isTrue();
  }

  @Test
  void afterTenGoodMinutesTheNextIsAFirstAgain() {
    outliers.eject(fault(), now);
    pass(Duration.ofSeconds(30));
    outliers.look(now);
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      end(SUSPECT, Evidence.ANSWERED, 50);
    }
    pass(Duration.ofSeconds(601));
    outliers.look(now);
    assertThat(outliers.eject(fault(), now).times()).isEqualTo(1);
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

  private Suspicion until(Evidence evidence, long millis, int expected) {
    for (int i = 1; i < expected; i++) {
      assertThat(end(SUSPECT, evidence, millis)).as("after " + i).isEmpty();
    }
    return end(SUSPECT, evidence, millis).orElseThrow();
  }

  private static Suspicion fault() {
    return new Suspicion(SUSPECT, Scope.all("shell"), Cause.OWN_FAULTS, "5 of 5");
  }

  private void others(Evidence evidence, int count, long millis) {
    for (int i = 0; i < count; i++) {
      outliers.ended(ended(Workers.id(2 + i % 3), false, evidence, millis));
    }
  }

  private Optional<Suspicion> end(WorkerId worker, Evidence evidence, long millis) {
    return Optional.ofNullable(outliers.ended(ended(worker, false, evidence, millis)));
  }

  private Ended ended(WorkerId worker, boolean keyed, Evidence evidence, long millis) {
    pass(Duration.ofMillis(1));
    long leased = now - Duration.ofMillis(millis).toNanos();
    return new Ended(worker, "shell", SHAPE, keyed, evidence, leased, now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
