package dev.weft.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.PlacerLink.Rejected;
import dev.weft.worker.app.PlacerLink.Renewal;
import dev.weft.worker.app.PlacerLink.Tokens;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.ModelTokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worker's side of the contract, on a clock that stands still until the test moves it. */
class WorkDeskTest {

  private final DeskRig rig = new DeskRig();

  @Test
  void assignmentRunsAndItsResultIsSentUntilSettled() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);

    rig.shell.succeed(key);
    rig.desk.flush();

    assertThat(link.started()).containsExactly(key);
    assertThat(link.results()).containsExactly(key);
    assertThat(rig.desk.view().slotsUsed()).isZero();
    FakeLink next = rig.connect(1);
    assertThat(next.hello().unacked()).extracting(r -> r.key()).containsExactly(key);
    rig.settle(next, key);
    assertThat(rig.connect(1).hello().unacked()).isEmpty();
  }

  @Test
  void whatWaitedOnTheStreamWhileTheProcessSleptIsNotBegun() {
    FakeLink link = rig.connect(1);
    rig.sleep(Duration.ofMillis(1_001));

    rig.assign(link, "tsk_a", 1);

    assertThat(link.closed()).isTrue();
    assertThat(rig.shell.running()).isEmpty();
    FakeLink next = rig.connect(1);
    assertThat(next.hello().running()).isEmpty();
    assertThat(rig.shell.running()).isEmpty();
    AttemptKey again = rig.assign(next, "tsk_a", 2);
    assertThat(rig.shell.running()).containsExactly(again);
  }

  @Test
  void whatAnAttemptUsedOfModelsIsToldWhenItChangesAndAgainOnANewStream() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    ModelTokens first = new ModelTokens("small", 10, 5);
    ModelTokens more = new ModelTokens("small", 30, 9);

    rig.shell.use(key, first);
    rig.desk.flush();
    rig.pass(Duration.ofSeconds(2));

    assertThat(link.tokens()).containsExactly(new Tokens(key, List.of(first)));
    rig.shell.use(key, more);
    FakeLink next = rig.connect(1, List.of(key), List.of());
    assertThat(next.tokens()).containsExactly(new Tokens(key, List.of(more)));
    rig.shell.succeed(key);
    assertThat(rig.connect(1).tokens()).isEmpty();
  }

  @Test
  void noopIsDoneAtOnceAndIsNotReportedAsStarted() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assignNoop(link, "tsk_n", 1);

    assertThat(link.results()).containsExactly(key);
    assertThat(link.started()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsRejectedWithTheLack() {
    FakeLink link = rig.connect(1);
    rig.assign(link, "tsk_a", 1);
    rig.assign(link, "tsk_b", 2);

    AttemptKey third = rig.assign(link, "tsk_c", 3);

    assertThat(link.rejected()).extracting(Rejected::key).containsExactly(third);
    assertThat(link.rejected().getFirst().reason()).contains("slots");
    assertThat(rig.shell.running()).hasSize(2);
  }

  @Test
  void heldAttemptsAreRenewedEachSecondByGrowingNumbers() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.pass(Duration.ofSeconds(1));
    rig.pass(Duration.ofMillis(500));
    rig.pass(Duration.ofMillis(500));

    assertThat(link.renewals()).extracting(Renewal::number).containsExactly(1L, 2L, 3L);
    assertThat(link.renewals().getLast().held()).containsExactly(key);
  }

  @Test
  void attemptWhoseLeaseCannotBeRenewedIsEndedByTheWorkerItself() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.desk.disconnected(link);

    rig.pass(Duration.ofMillis(8999));
    assertThat(rig.shell.ended()).isEmpty();
    rig.pass(Duration.ofMillis(1));

    assertThat(rig.shell.ended()).containsEntry(key, EndReason.LEASE_LOST);
  }

  @Test
  void renewalsThatAreAcknowledgedKeepAnAttemptForEver() {
    FakeLink link = rig.connect(1);
    rig.assign(link, "tsk_a", 1);

    for (int i = 0; i < 100; i++) {
      rig.pass(Duration.ofSeconds(1));
      rig.acknowledge(link, link.renewals().getLast().number());
    }

    assertThat(rig.shell.ended()).isEmpty();
  }

  @Test
  void workGoesOnWhileThePlacerIsAwayAndTheNextOneAdoptsIt() {
    FakeLink first = rig.connect(1);
    AttemptKey key = rig.assign(first, "tsk_a", 1);
    rig.desk.disconnected(first);
    rig.pass(Duration.ofSeconds(6));

    FakeLink second = rig.connect(2, List.of(key), List.of());

    assertThat(second.hello().running()).containsExactly(key);
    rig.pass(Duration.ofSeconds(3));
    assertThat(rig.shell.ended()).isEmpty();
  }

  @Test
  void whatTheNextPlacerKillsIsKilled() {
    FakeLink first = rig.connect(1);
    AttemptKey key = rig.assign(first, "tsk_a", 1);
    rig.desk.disconnected(first);

    rig.connect(2, List.of(), List.of(key));

    assertThat(rig.shell.ended()).containsEntry(key, EndReason.CANCELLED);
  }

  @Test
  void placerOfAnOlderEpochIsNotObeyed() {
    rig.desk.disconnected(rig.connect(5));

    FakeLink old = rig.open();
    rig.welcome(old, 4, List.of(), List.of());
    rig.assign(old, "tsk_a", 1);

    assertThat(old.closed()).isTrue();
    assertThat(old.hello().highestEpoch()).isEqualTo(5);
    assertThat(rig.shell.running()).isEmpty();
  }

  @Test
  void ordersOfAStreamThatWasGivenUpAreNotObeyed() {
    FakeLink old = rig.connect(1);
    rig.connect(2);

    rig.assign(old, "tsk_a", 1);

    assertThat(rig.shell.running()).isEmpty();
  }

  @Test
  void ordersBeforeTheWelcomeAreNotObeyed() {
    FakeLink link = rig.open();

    rig.assign(link, "tsk_a", 1);

    assertThat(rig.shell.running()).isEmpty();
  }

  @Test
  void silentStreamIsGivenUpWhileThereIsTimeToFindAnother() {
    FakeLink link = rig.connect(1);
    rig.assign(link, "tsk_a", 1);

    rig.pass(Duration.ofSeconds(4));

    assertThat(link.closed()).isTrue();
    assertThat(rig.shell.ended()).isEmpty();
  }

  @Test
  void cancelReachesTheAttemptOnce() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);

    rig.cancel(link, key);
    rig.cancel(link, key);

    assertThat(rig.shell.ended()).containsOnly(java.util.Map.entry(key, EndReason.CANCELLED));
    assertThat(rig.shell.endCalls()).isEqualTo(1);
  }

  @Test
  void cancelThatComesWithItsAssignmentReachesIt() {
    FakeLink link = rig.connect(1);

    AttemptKey key = rig.assignAndCancel(link, "tsk_a", 1);

    assertThat(rig.shell.ended()).containsOnly(java.util.Map.entry(key, EndReason.CANCELLED));
  }

  @Test
  void newerAttemptAtATaskEndsTheOlder() {
    FakeLink link = rig.connect(1);
    AttemptKey older = rig.assign(link, "tsk_a", 1);

    AttemptKey newer = rig.assign(link, "tsk_a", 2);

    assertThat(rig.shell.ended()).containsKey(older).doesNotContainKey(newer);
  }

  @Test
  void newerAttemptEndsEachOlderThatIsStillThere() {
    FakeLink link = rig.connect(1);
    AttemptKey gone = rig.assign(link, "tsk_a", 1);
    rig.shell.succeed(gone);
    AttemptKey second = rig.assign(link, "tsk_a", 3);
    AttemptKey late = rig.assign(link, "tsk_a", 2);

    rig.assign(link, "tsk_a", 4);

    assertThat(rig.shell.ended()).containsOnlyKeys(second, late);
  }

  @Test
  void repeatedAssignmentRunsOnce() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);

    rig.assign(link, "tsk_a", 1);
    rig.shell.succeed(key);
    rig.desk.flush();
    rig.assign(link, "tsk_a", 1);

    assertThat(rig.shell.starts()).isEqualTo(1);
    assertThat(link.results()).containsExactly(key, key);
  }

  @Test
  void unsettledResultStaysHeldSoThatItsLeaseDoesNotEnd() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.shell.succeed(key);

    rig.pass(Duration.ofSeconds(1));

    assertThat(link.renewals().getLast().held()).containsExactly(key);
  }

  @Test
  void nothingIsSentWhileTheStreamTakesNothing() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    int before = link.frames().size();
    link.ready(false);

    rig.shell.succeed(key);
    rig.pass(Duration.ofSeconds(1));
    assertThat(link.frames()).hasSize(before);
    link.ready(true);
    rig.desk.flush();

    assertThat(link.frames()).hasSize(before + 1);
    assertThat(link.results()).containsExactly(key);
  }

  @Test
  void drainingWorkerTakesNothingMoreAndSaysSo() {
    FakeLink link = rig.connect(1);
    AttemptKey running = rig.assign(link, "tsk_a", 1);

    rig.desk.drain(Duration.ofSeconds(25));
    AttemptKey late = rig.assign(link, "tsk_b", 2);

    assertThat(link.saysDraining()).isTrue();
    assertThat(link.rejected()).extracting(Rejected::key).containsExactly(late);
    assertThat(rig.shell.ended()).isEmpty();
    rig.shell.succeed(running);
    rig.pass(Duration.ofMillis(200));
    assertThat(rig.desk.idle()).isDone();
    assertThat(rig.desk.drained()).isNotDone();
    rig.settle(link, running);
    rig.pass(Duration.ofMillis(200));
    assertThat(rig.desk.drained()).isDone();
  }

  @Test
  void whatRunsAtTheDrainDeadlineIsPreempted() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.drain(link, Duration.ofSeconds(3));

    rig.pass(Duration.ofMillis(2999));
    assertThat(rig.shell.ended()).isEmpty();
    rig.pass(Duration.ofMillis(1));

    assertThat(rig.shell.ended()).containsEntry(key, EndReason.DRAINED);
  }

  @Test
  void impatientSecondStopShortensTheDeadline() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.desk.drain(Duration.ofSeconds(25));

    rig.desk.drain(Duration.ZERO);
    rig.desk.drain(Duration.ofSeconds(25));
    rig.pass(Duration.ofMillis(1));

    assertThat(rig.shell.ended()).containsEntry(key, EndReason.DRAINED);
  }

  @Test
  void resultsThatAreTooManyForTheHelloFollowAndAreHeldMeanwhile() {
    FakeLink first = rig.connect(1);
    int count = 100;
    for (int i = 1; i <= count; i++) {
      AttemptKey key = rig.assign(first, "tsk_" + i, i);
      rig.shell.succeedWithOutput(key, 60_000);
    }
    rig.desk.disconnected(first);

    FakeLink second = rig.connect(2);
    rig.desk.flush();

    int inHello = second.hello().unacked().size();
    assertThat(inHello).isBetween(1, count - 1);
    assertThat(second.hello().running()).hasSize(count - inHello);
    assertThat(second.results()).hasSize(count - inHello);
  }

  @Test
  void totalsOfWorkCountOnlyWhatSaysSomethingOfTheWorker() {
    FakeLink link = rig.connect(1);
    rig.shell.succeed(rig.assign(link, "tsk_a", 1));
    rig.shell.fail(rig.assign(link, "tsk_b", 2));
    AttemptKey cancelled = rig.assign(link, "tsk_c", 3);
    rig.cancel(link, cancelled);
    rig.shell.obeyEnd(cancelled);

    Tally.Totals done = rig.desk.view().done();

    assertThat(done.succeeded()).isEqualTo(1);
    assertThat(done.failed()).isEqualTo(1);
    assertThat(done.busy()).isEqualTo(Duration.ofSeconds(2));
    assertThat(done.costMicros()).isEqualTo(2000);
  }

  @Test
  void statusIsIdleExecutingOrFailed() {
    FakeLink link = rig.connect(1);
    assertThat(rig.desk.view().activity()).isEqualTo(WorkView.Activity.IDLE);

    AttemptKey key = rig.assign(link, "tsk_a", 1);
    assertThat(rig.desk.view().activity()).isEqualTo(WorkView.Activity.EXECUTING);
    assertThat(rig.desk.view().runningTasks()).containsExactly("tsk_a");
    rig.shell.succeed(key);

    for (int i = 2; i < 5; i++) {
      rig.shell.breakDown(rig.assign(link, "tsk_" + i, i));
    }
    rig.tally.broken();
    assertThat(rig.desk.view().activity()).isEqualTo(WorkView.Activity.FAILED);
    rig.tally.repaired();
    assertThat(rig.desk.view().activity()).isEqualTo(WorkView.Activity.IDLE);
  }

  @Test
  void tasksThatBreakTheirSandboxesMakeAWorkerSuspectAndNeverFailed() {
    FakeLink link = rig.connect(1);
    assertThat(rig.tally.sandboxes()).isEqualTo(Tally.Sandboxes.WELL);

    for (int i = 1; i < 50; i++) {
      rig.shell.breakDown(rig.assign(link, "tsk_" + i, i));
    }

    assertThat(rig.tally.sandboxes()).isEqualTo(Tally.Sandboxes.SUSPECT);
    assertThat(rig.desk.view().activity()).isEqualTo(WorkView.Activity.IDLE);
  }

  @Test
  void workIsToldWhenADrainBeginsAndWhenItsTimeGetsShorter() {
    FakeLink link = rig.connect(1);
    AttemptKey key = rig.assign(link, "tsk_a", 1);
    rig.drain(link, Duration.ofSeconds(20));
    rig.drain(link, Duration.ofSeconds(30));
    rig.drain(link, Duration.ofSeconds(5));

    assertThat(rig.shell.drains()).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(5));
    assertThat(rig.shell.running()).containsExactly(key);
    assertThat(rig.shell.ended()).isEmpty();
  }
}
