package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptLifeTest {

  private static final RetryTerms NO_RETRY = new RetryTerms(0, true, 2_000, 300_000);
  private static final RetryTerms NEVER_AGAIN = new RetryTerms(3, false, 2_000, 300_000);
  private final CellFixture mesh = new CellFixture();
  private final TestLink link = mesh.join(1, 4);

  @Test
  void aFailedAttemptIsRepeatedAfter2Then4Then8SecondsAndJitterOnlyAdds() {
    TaskId id = mesh.submit();
    mesh.commit();
    for (long pause : new long[] {2_000, 4_000, 8_000}) {
      int before = link.assigned.size();
      mesh.fail(link, link.last());
      mesh.pass(Duration.ofMillis(pause - 100));
      assertThat(link.assigned).as("not before " + pause).hasSize(before);
      mesh.pass(Duration.ofMillis(pause / 2 + 300));
      assertThat(link.assigned).as("after " + pause).hasSize(before + 1);
    }
    mesh.fail(link, link.last());
    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(link.last().attempt()).isEqualTo(4);
  }

  @Test
  void aTaskThatFailsForGoodIsADeadLetterWithEveryAttemptsError() {
    TaskId id = mesh.submit(new RetryTerms(1, true, 100, 100));
    mesh.commit();
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofMillis(400));
    mesh.fail(link, link.last());
    assertThat(mesh.store.deadLetters().get(id).problem().reason()).isEqualTo("EXIT_NONZERO");
    assertThat(mesh.store.deadLetters().get(id).attempts()).isEqualTo(2);
    assertThat(mesh.store.attempts(id))
        .extracting(one -> one.attempt().problem().reason())
        .containsExactly("EXIT_NONZERO", "EXIT_NONZERO");
    assertThat(mesh.store.attempts(id).getLast().attempt().result()).isNotNull();
  }

  @Test
  void anAttemptThatFailedOnAWorkerAvoidsIt() {
    TestLink worse = mesh.join(Workers.view(2, Map.of(), new Site("us", 400, 9_000_000, "USD")), 1);
    mesh.submit(new RetryTerms(3, true, 100, 100));
    mesh.commit();
    assertThat(link.assigned).hasSize(1);
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofMillis(400));
    assertThat(worse.assigned).hasSize(1);
  }

  @Test
  void theWorkerItFailedOnIsAvoidedAlsoByTheNextPlacer() {
    mesh.submit(new RetryTerms(3, true, 2_000, 2_000));
    mesh.commit();
    mesh.fail(link, link.last());
    mesh.takeOver();
    TestLink again = mesh.join(1, 4);
    TestLink worse = mesh.join(Workers.view(2, Map.of(), new Site("us", 400, 9_000_000, "USD")), 1);
    mesh.pass(Duration.ofSeconds(4));
    assertThat(again.assigned).isEmpty();
    assertThat(worse.assigned).hasSize(1);
  }

  @Test
  void aLostAttemptCostsNoRetryAndRunsElsewhereAtOnce() {
    TestLink other = mesh.join(Workers.view(2, Map.of(), new Site("us", 400, 9_000_000, "USD")), 1);
    TaskId id = mesh.submit(NO_RETRY);
    mesh.commit();
    mesh.cell.gone(link.worker, link);
    mesh.pass(Duration.ofMillis(1_900));
    assertThat(other.assigned).as("within the grace").isEmpty();
    mesh.pass(Duration.ofMillis(200));
    assertThat(other.assigned).extracting(AttemptKey::task).containsExactly(id);
    mesh.succeed(other, other.last());
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(ends(id)).containsExactly(AttemptState.LOST);
  }

  @Test
  void aWorkerThatIsBackBeforeItsTaskRunsAgainIsAvoided() {
    mesh.submit(NO_RETRY);
    mesh.commit();
    mesh.cell.started(link.worker, link.last());
    TestLink worse = mesh.join(Workers.view(2, Map.of(), new Site("us", 400, 9_000_000, "USD")), 1);
    TestLink again = restart(2);
    assertThat(again.assigned).isEmpty();
    assertThat(worse.assigned).hasSize(1);
  }

  @Test
  void aTaskLostThreeTimesWhileItRanIsPoison() {
    TaskId id = mesh.submit();
    mesh.commit();
    TestLink current = link;
    for (int life = 2; life <= 4; life++) {
      mesh.cell.started(current.worker, current.last());
      current = restart(life);
    }
    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(mesh.store.deadLetters().get(id).problem().reason()).isEqualTo("POISON");
    assertThat(ends(id)).containsOnly(AttemptState.LOST).hasSize(3);
  }

  @Test
  void lossesBeforeTheStartAreNotPoison() {
    TaskId id = mesh.submit();
    mesh.commit();
    for (int life = 2; life <= 6; life++) {
      restart(life);
    }
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
  }

  @Test
  void onLostFailNeverRunsAgain() {
    TaskId id = mesh.submit(NEVER_AGAIN);
    mesh.commit();
    restart(2);
    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(mesh.store.deadLetters().get(id).problem().reason()).isEqualTo("LOST_ON_LOST_FAIL");
  }

  @Test
  void anAssignmentThatNeverArrivedIsRepeatedEvenForOnLostFail() {
    TaskId id = mesh.submit(NEVER_AGAIN);
    mesh.commit();
    mesh.cell.gone(link.worker, link);
    TestLink again = new TestLink(link.worker);
    mesh.cell.hello(again, again.hello(1, 4));
    mesh.commit();
    assertThat(again.assigned).extracting(AttemptKey::task).containsExactly(id);
  }

  @Test
  void aResultCountsOnceAndAStaleOneIsAckedAndDropped() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    AttemptKey stale = new AttemptKey(id, key.attempt(), key.fence() - 1);
    mesh.succeed(link, stale);
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    mesh.succeed(link, key);
    mesh.fail(link, key);
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(link.acked).containsExactly(stale, key, key);
    assertThat(mesh.store.results()).containsOnlyKeys(id);
  }

  @Test
  void aWorkerReportsOnlyForLeasesThatItHolds() {
    TestLink thief = mesh.join(2, 0 + 1);
    TaskId id = mesh.submit();
    mesh.commit();
    TestLink owner = link.assigned.isEmpty() ? thief : link;
    TestLink other = owner == link ? thief : link;
    mesh.succeed(other, owner.last());
    mesh.cell.rejected(other.worker, owner.last(), "mine now");
    mesh.commit();
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
  }

  @Test
  void aStaleResultIsAckedOnlyUnderTheGuard() {
    mesh.cell.report(
        link.worker,
        link,
        new Report(new AttemptKey(mesh.newId(), 1, 99), Report.Outcome.SUCCEEDED, null, null));
    assertThat(mesh.cell.seal()).as("an empty guarded commit").isPresent();
    assertThat(link.acked).isEmpty();
  }

  @Test
  void aRejectedAssignmentCostsNothingAndTheWorkerRestsAMoment() {
    TaskId id = mesh.submit(NO_RETRY);
    mesh.commit();
    mesh.cell.rejected(link.worker, link.last(), "no memory");
    mesh.commit();
    assertThat(mesh.state(id)).isEqualTo(TaskState.QUEUED);
    assertThat(link.assigned).hasSize(1);
    mesh.pass(Duration.ofMillis(1_200));
    assertThat(link.assigned).hasSize(2);
    assertThat(link.last().attempt()).isEqualTo(2);
  }

  @Test
  void aWorkerThatGivesBackWhatNobodyAskedForRestsAMoment() {
    mesh.submit(NO_RETRY);
    mesh.commit();
    mesh.report(link, link.last(), Report.Outcome.CANCELLED);
    assertThat(link.assigned).hasSize(1);
    mesh.pass(Duration.ofMillis(1_200));
    assertThat(link.assigned).hasSize(2);
  }

  @Test
  void aTaskThatIsGivenBackForEverFailsInTheEnd() {
    TaskId id = mesh.submit(NO_RETRY);
    mesh.commit();
    int most = mesh.settings.leases().mostAttempts();
    for (int attempt = 1; attempt <= most; attempt++) {
      assertThat(link.last().attempt()).isEqualTo(attempt);
      mesh.report(link, link.last(), Report.Outcome.PREEMPTED);
      mesh.pass(Duration.ofMillis(1_200));
    }
    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(link.assigned).hasSize(most);
  }

  @Test
  void aWaitingTaskIsCancelledAtOnceAndNeverStarts() {
    TaskId id =
        mesh.submit(CellFixture.terms(PriorityClass.P2, Workers.in("eu"), RetryTerms.DEFAULT));
    mesh.commit();
    assertThat(mesh.cancel(id)).isEqualTo("CANCELLED");
    TestLink eu = mesh.join(Workers.view(3, Map.of(), new Site("eu", 1, 1, "USD")), 4);
    assertThat(eu.assigned).isEmpty();
  }

  @Test
  void aRunningTaskIsCancelledOnceItsWorkerSaysSo() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    assertThat(mesh.cancel(id)).isEqualTo("CANCELLING");
    assertThat(link.cancelled).containsExactly(key);
    mesh.report(link, key, Report.Outcome.CANCELLED);
    assertThat(mesh.state(id)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void nothingSucceedsOrIsRepeatedAfterACancel() {
    TaskId one = mesh.submit();
    TaskId two = mesh.submit();
    mesh.commit();
    mesh.cancel(one);
    mesh.cancel(two);
    mesh.succeed(link, link.assigned.get(0));
    mesh.fail(link, link.assigned.get(1));
    assertThat(mesh.state(one)).isEqualTo(TaskState.CANCELLED);
    assertThat(mesh.state(two)).isEqualTo(TaskState.CANCELLED);
    assertThat(mesh.store.results()).isEmpty();
  }

  @Test
  void aCancelOfALostTaskEndsWithItsLease() {
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.cancel(id);
    mesh.pass(Duration.ofSeconds(9));
    assertThat(mesh.state(id)).isEqualTo(TaskState.CANCELLING);
    mesh.pass(Duration.ofSeconds(2));
    assertThat(mesh.state(id)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void cancellingWhatHasEndedChangesNothing() {
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.succeed(link, link.last());
    assertThat(mesh.cancel(id)).isEqualTo("SUCCEEDED");
    assertThat(mesh.cancel(mesh.newId())).isEqualTo("unknown");
  }

  @Test
  void runningMakesNoCommitOfItsOwnButRidesAlong() {
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.cell.started(link.worker, link.last());
    int before = mesh.commits.size();
    mesh.pass(Duration.ofMillis(500));
    assertThat(mesh.commits).hasSize(before);
    assertThat(mesh.cell.view().live(id).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
    mesh.submit();
    mesh.commit();
    assertThat(mesh.state(id)).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void whatWaitsTooLongExpiresAndWhatRunsDoesNot() {
    Submission.Terms shortLived =
        new Submission.Terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 1_000);
    Submission.Terms stuck =
        new Submission.Terms(PriorityClass.P2, Workers.in("eu"), RetryTerms.DEFAULT, 0, 1_000);
    TaskId runs = mesh.submit(shortLived);
    TaskId waits = mesh.submit(stuck);
    TaskId waitsLong =
        mesh.submit(CellFixture.terms(PriorityClass.P0, Workers.in("eu"), RetryTerms.DEFAULT));
    mesh.pass(Duration.ofMillis(2_300));
    assertThat(mesh.state(runs)).isEqualTo(TaskState.LEASED);
    assertThat(mesh.state(waits)).isEqualTo(TaskState.EXPIRED);
    assertThat(mesh.state(waitsLong)).isEqualTo(TaskState.QUEUED);
    mesh.pass(Duration.ofMinutes(5));
    assertThat(mesh.state(waitsLong)).isEqualTo(TaskState.EXPIRED);
  }

  private TestLink restart(int life) {
    WorkerId worker = link.worker;
    TestLink next = new TestLink(worker);
    mesh.cell.hello(next, next.hello(life, 4));
    mesh.commit();
    return next;
  }

  private List<AttemptState> ends(TaskId id) {
    return mesh.store.attempts(id).stream()
        .map(StoredAttempt::attempt)
        .map(attempt -> attempt.state())
        .toList();
  }
}
