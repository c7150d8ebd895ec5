package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionsTest {

  private final CellFixture mesh = new CellFixture();
  private final TestLink link = mesh.join(1, 2);

  @Test
  void aWorkerThatComesBackInTimeKeepsItsWork() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    mesh.cell.gone(link.worker, link);
    mesh.pass(Duration.ofMillis(1_500));
    TestLink back = hello(1, key);
    mesh.pass(Duration.ofSeconds(5));
    assertThat(back.welcomes.getFirst().adopt()).containsExactly(key);
    mesh.succeed(back, key);
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
  }

  @Test
  void aRegistryThatHasLostAConnectedWorkerIsBelievedOnlyAfterALease() {
    mesh.cell.show(Workers.view(1).with(new Verdict(Verdict.Status.OFFLINE, "not heard of")), 43);
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).as("its work stream stands").hasSize(1);
    mesh.succeed(link, link.last());

    mesh.pass(Duration.ofSeconds(9));
    mesh.cell.show(Workers.view(1).with(new Verdict(Verdict.Status.OFFLINE, "still")), 44);
    mesh.pass(Duration.ofMillis(1_100));
    TaskId second = mesh.submit();
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    mesh.cell.show(Workers.view(1), 45);
    mesh.commit();
    assertThat(link.assigned).extracting(AttemptKey::task).contains(second);
  }

  @Test
  void aRegistryThatSaysUnhealthyIsBelievedAtOnce() {
    mesh.cell.show(Workers.view(1).with(new Verdict(Verdict.Status.UNHEALTHY, "disk")), 43);
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).isEmpty();
  }

  @Test
  void aWorkerThatComesBackTooLateIsToldToKillItsWork() {
    mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    mesh.cell.gone(link.worker, link);
    mesh.pass(Duration.ofSeconds(3));
    TestLink back = hello(1, key);
    assertThat(back.welcomes.getFirst().kill()).containsExactly(key);
  }

  @Test
  void whatIsToBeKilledKeepsItsCreditUntilItIsSeenToEnd() {
    mesh.submit();
    mesh.submit();
    mesh.commit();
    List<AttemptKey> lost = List.copyOf(link.assigned);
    mesh.cell.gone(link.worker, link);
    mesh.pass(Duration.ofSeconds(3));
    TestLink back = hello(1, lost.toArray(AttemptKey[]::new));
    assertThat(back.assigned).as("both slots are haunted").isEmpty();
    mesh.cell.renewal(back.worker, back, 1, List.of(lost.getFirst()));
    mesh.commit();
    assertThat(back.assigned).as("one is seen to have ended").hasSize(1);
    mesh.report(back, lost.getFirst(), Report.Outcome.CANCELLED);
    assertThat(back.assigned).hasSize(2);
    assertThat(mesh.cell.view().leakedCredit()).isEmpty();
  }

  @Test
  void onlyWhatARenewalNamesIsRenewed() {
    TaskId held = mesh.submit();
    TaskId forgotten = mesh.submit();
    mesh.commit();
    for (int second = 1; second <= 11; second++) {
      mesh.pass(Duration.ofSeconds(1));
      mesh.cell.renewal(link.worker, link, second, List.of(link.assigned.getFirst()));
    }
    mesh.commit();
    assertThat(mesh.state(held)).as("what is held has started").isEqualTo(TaskState.RUNNING);
    assertThat(link.assigned.stream().filter(key -> key.task().equals(forgotten))).hasSize(2);
    assertThat(link.cancelled).contains(link.assigned.get(1));
    assertThat(link.renewals).contains(1L, 11L);
  }

  @Test
  void aSilentWorkersLeasesEndAfter10Seconds() {
    TestLink other = mesh.join(2, 2);
    mesh.cell.gone(other.worker, other);
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.pass(Duration.ofMillis(9_900));
    assertThat(mesh.history(id)).hasSize(2);
    mesh.pass(Duration.ofMillis(300));
    assertThat(mesh.history(id)).contains(TaskState.QUEUED);
  }

  @Test
  void whatTheJudgeSleptThroughIsNoVerdict() {
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.cell.gone(link.worker, link);
    mesh.stall(Duration.ofSeconds(60));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    TestLink back = hello(1, link.last());
    assertThat(back.welcomes.getFirst().adopt()).hasSize(1);
  }

  @Test
  void afterAStallTheGuardIsAskedBeforeAnythingElse() {
    int before = mesh.commits.size();
    mesh.stall(Duration.ofSeconds(30));
    assertThat(mesh.commits).hasSize(before + 1);
  }

  @Test
  void whileTheDatabaseIsAwayNothingIsLostAndLeasesAreRenewedFromMemory() {
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.cell.databaseAway(true);
    mesh.pass(Duration.ofSeconds(30));
    mesh.cell.renewal(link.worker, link, 7, List.of(link.last()));
    mesh.tell(mesh.cell.immediate(), 0);
    assertThat(link.renewals).containsExactly(7L);
    mesh.cell.databaseAway(false);
    mesh.pass(Duration.ofSeconds(9));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
  }

  @Test
  void aNewerIncarnationWinsAndAnOlderOneIsRefused() {
    TestLink newer = hello(5);
    assertThat(link.closed)
        .singleElement()
        .extracting(Denial::reason)
        .isEqualTo(Denial.Reason.SUPERSEDED);
    TestLink older = hello(4);
    assertThat(older.welcomes).isEmpty();
    assertThat(older.closed).hasSize(1);
    mesh.submit();
    mesh.commit();
    assertThat(newer.assigned).hasSize(1);
  }

  @Test
  void aWorkerThatHasSeenAHigherEpochIsNotGreeted() {
    TestLink stream = new TestLink(link.worker);
    mesh.cell.hello(
        stream, new Hello(link.worker, 9, List.of(), List.of(), Workers.capacity(2), 99, false));
    mesh.commit();
    assertThat(stream.closed)
        .singleElement()
        .extracting(Denial::reason)
        .isEqualTo(Denial.Reason.NOT_HOLDER);
    assertThat(stream.welcomes).isEmpty();
  }

  @Test
  void resultsThatComeWithTheHelloAreSettledByTheWelcome() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    mesh.cell.gone(link.worker, link);
    TestLink back = new TestLink(link.worker);
    Report report = new Report(key, Report.Outcome.SUCCEEDED, null, null);
    AttemptKey unknown = new AttemptKey(mesh.newId(), 1, 77);
    Report foreign = new Report(unknown, Report.Outcome.SUCCEEDED, null, null);
    mesh.cell.hello(back, back.hello(1, 2, List.of(), List.of(report, foreign)));
    assertThat(back.welcomes).as("not before the commit").isEmpty();
    mesh.commit();
    assertThat(back.welcomes.getFirst().settled()).containsExactly(key, unknown);
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
  }

  @Test
  void aCancelThatTheOldStreamMayHaveLostIsRepeated() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    mesh.cancel(id);
    mesh.cell.gone(link.worker, link);
    TestLink back = hello(1, key);
    assertThat(back.welcomes.getFirst().adopt()).containsExactly(key);
    assertThat(back.cancelled).containsExactly(key);
  }

  @Test
  void theNextPlacerWaits3SecondsForWorkersBeforeItGivesTheirWorkAway() {
    TaskId id = mesh.submit();
    mesh.commit();
    AttemptKey key = link.last();
    mesh.takeOver();
    mesh.cell.show(Workers.view(1), 1);
    mesh.pass(Duration.ofMillis(2_800));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    TestLink back = hello(1, key);
    assertThat(back.welcomes.getFirst().adopt()).containsExactly(key);
    mesh.takeOver();
    mesh.pass(Duration.ofMillis(3_200));
    assertThat(mesh.state(id)).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aNewCapacityIsUsedAtOnce() {
    mesh.submit();
    mesh.submit();
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).hasSize(2);
    mesh.cell.capacity(
        link.worker, link, new Capacity(2, new Resources(3_000, 0, 0, 0), Map.of("shell", 3)));
    mesh.commit();
    assertThat(link.assigned).hasSize(3);
  }

  @Test
  void everybodyWhoWaitsIsAnsweredWhenTheMemoryIsGivenUp() {
    TaskId inFlight = mesh.submit();
    mesh.cell.seal();
    TaskId inDraft = mesh.submit();
    List<String> told = new ArrayList<>();
    begin(told, Duration.ZERO);
    Denial reason = Denial.of(Denial.Reason.NOT_HOLDER, "gone");
    mesh.tell(mesh.cell.abandon(reason), 0);
    assertThat(mesh.answers)
        .containsEntry(inFlight, "NOT_HOLDER")
        .containsEntry(inDraft, "NOT_HOLDER");
    assertThat(told).containsExactly("NOT_HOLDER");
  }

  private TestLink hello(long incarnation, AttemptKey... running) {
    TestLink stream = new TestLink(link.worker);
    mesh.cell.hello(stream, stream.hello(incarnation, 2, running));
    mesh.commit();
    return stream;
  }

  private void begin(List<String> told, Duration grace) {
    mesh.cell.beginDrain(link.worker, grace, new ToldDrain(told));
  }
}
