package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.placement.RejectReason;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that stand out, in a whole cell. */
class EjectorTest extends EjectionRig {

  @Test
  void aWorkerThatFailsByItselfGetsNothingAndWhySaysIt() {
    join(3);
    eject(links.getFirst());

    TaskId id = submit();

    assertThat(links.getFirst().assigned).isEmpty();
    assertThat(decision(id).rejections())
        .anySatisfy(
            rejection -> {
              assertThat(rejection.reason()).isEqualTo(RejectReason.EJECTED);
              assertThat(rejection.example()).isEqualTo(links.getFirst().worker);
              assertThat(rejection.detail())
                  .contains("out of this tenant's shell work for 30 s: 100% of attempts failed");
            });
    assertThat(mesh.cell.view().figures().ejections().out()).isEqualTo(1);
  }

  @Test
  void itIsBackAfterItsTimeWithOneTaskAtATimeUntilThreeWentWell() {
    join(3);
    TestLink bad = links.getFirst();
    eject(bad);
    mesh.pass(Duration.ofSeconds(31));
    fill();
    for (int good = 0; good < 3; good++) {
      assertThat(bad.assigned).as("after " + good).hasSize(1);
      AttemptKey key = bad.last();
      bad.assigned.clear();
      mesh.succeed(bad, key);
    }
    assertThat(bad.assigned).hasSize(4);
  }

  @Test
  void theLastWorkerIsNeverOut() {
    join(1);
    for (int i = 0; i < 30; i++) {
      submit();
      fail(links.getFirst());
    }
    submit();
    assertThat(links.getFirst().assigned).hasSize(1);
    assertThat(mesh.cell.view().figures().ejections().spared()).isPositive();
  }

  @Test
  void whenTheOthersAreGoneTheOneThatIsOutIsBetterThanNobody() {
    join(2);
    eject(links.getFirst());
    mesh.cell.gone(links.get(1).worker, links.get(1));
    submit();
    assertThat(links.getFirst().assigned).hasSize(1);
  }

  @Test
  void aWorkerThatDiesWithAllItsTasksHasFailedOnce() {
    join(2);
    fill();
    mesh.cell.gone(links.getFirst().worker, links.getFirst());
    mesh.pass(Duration.ofSeconds(3));
    TestLink again = new TestLink(links.getFirst().worker);
    mesh.cell.hello(again, again.hello(2, 4));
    mesh.commit();
    assertThat(mesh.cell.view().figures().ejections().out()).isZero();
    assertThat(again.assigned).isNotEmpty();
  }

  @Test
  void commandsThatFailForTheirOwnReasonPutNobodyOut() {
    join(3);
    for (int i = 0; i < 200; i++) {
      submit();
      links.forEach(this::failCommands);
    }
    assertThat(mesh.cell.view().figures().ejections().byCause()).isEmpty();
  }

  @Test
  void aTakeoverBeginsWithoutSuspicion() {
    join(2);
    eject(links.getFirst());
    mesh.takeOver();
    assertThat(mesh.cell.view().figures().ejections().out()).isZero();
  }

  @Test
  void workOfOldDoesNotKeepItFromItsProbationAndItsRoomIsNotPreemptedInVain() {
    links.add(mesh.join(1, 4));
    TestLink bad = links.getFirst();
    RetryTerms yielding = new RetryTerms(0, true, true, 2_000, 300_000);
    mesh.submit(CellFixture.terms(PriorityClass.P6, Workers.cores(2), yielding));
    mesh.commit();
    AttemptKey old = bad.last();
    bad.assigned.clear();
    links.add(mesh.join(2, 4));
    links.add(mesh.join(3, 4));
    spread("acme", Workers.ANY_SHELL, "INTERNAL");
    assertThat(outOf("acme", Workers.ANY_SHELL)).containsOnlyKeys(bad.worker);
    for (int i = 1; i <= 5; i++) {
      mesh.pass(Duration.ofSeconds(7));
      mesh.cell.renewal(bad.worker, bad, i, List.of(old));
    }
    for (int i = 0; i < 30; i++) {
      mesh.submit(CellFixture.terms(PriorityClass.P4, Workers.ANY_SHELL, yielding));
    }
    mesh.commit();
    assertThat(bad.assigned).as("its probe").hasSize(1);
    AttemptKey probe = bad.last();

    mesh.submit(CellFixture.terms(PriorityClass.P0, Workers.ANY_SHELL, NO_RETRY));
    mesh.commit();

    assertThat(bad.cancelled).isEmpty();
    assertThat(links.get(1).cancelled.size() + links.get(2).cancelled.size()).isEqualTo(1);
    mesh.succeed(bad, probe);
    assertThat(bad.assigned).hasSize(2);
  }

  /** Never more than a third, never the last, however many fail and whoever comes and goes. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverMoreAreOutThanMayBeAndWorkAlwaysFindsSomebody(long seed) {
    Random random = new Random(seed);
    int workers = 2 + random.nextInt(12);
    join(workers);
    double[] faults = random.doubles(workers).toArray();
    faults[0] = 1;
    faults[1] = 0;
    for (int step = 0; step < 200; step++) {
      TaskId first = submit();
      assertThat(decision(first).winner()).as("placed at once").isPresent();
      for (int i = 1; i < workers * 3; i++) {
        submit();
      }
      endAll(random, faults);
      assertThat(mesh.cell.view().figures().ejections().out())
          .isLessThanOrEqualTo(Math.max(1, workers * 33 / 100));
      mesh.pass(Duration.ofMillis(random.nextInt(1_500)));
    }
    assertThat(mesh.cell.view().figures().ejections().of(Cause.OWN_FAULTS)).isPositive();
    mesh.pass(Duration.ofMinutes(11));
    assertThat(mesh.cell.view().figures().ejections().out()).isZero();
  }

  @Test
  void oneThatIsOutAndIllIsNotTakenEvenAlone() {
    join(2);
    eject(links.getFirst());
    for (int i = 1; i <= 2; i++) {
      Verdict ill = new Verdict(Verdict.Status.UNHEALTHY, "the disk is full");
      mesh.cell.show(Workers.view(i).with(ill), 43);
    }
    submit();
    assertThat(links).allSatisfy(link -> assertThat(link.assigned).isEmpty());
  }
}
