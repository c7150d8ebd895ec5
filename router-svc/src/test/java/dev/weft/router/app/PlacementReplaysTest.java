package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.router.app.ReplayRefusal.Reason;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.replay.Proposal;
import dev.weft.router.domain.replay.RecordedRun;
import dev.weft.router.domain.replay.RecordedTask;
import dev.weft.router.domain.replay.ReplayReport;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over records in memory, on a cell in this process. */
@Timeout(30)
class PlacementReplaysTest {

  private static final Instant SINCE = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant UNTIL = SINCE.plusSeconds(3_600);

  private final CellHere cell = new CellHere();
  private final FakeRecords records = new FakeRecords();
  private final SettableClock clock = new SettableClock(SINCE.minusSeconds(60));
  private final FakeCell stored = new FakeCell(clock);
  private final FakePolicies policies = new FakePolicies(stored);
  private final SettableTicker ticker = new SettableTicker();
  private final PlacementReplays replays =
      new PlacementReplays(
          cell,
          records,
          policies,
          new PlacementReplays.Rules(PlacementPolicy.STANDARD, OrderPolicy.STANDARD),
          ticker);

  @BeforeEach
  void oneTaskOnOneWorker() {
    records.tasks.add(succeeded(1));
    records.fleet.add(
        FleetEvent.there(
            SINCE.minusSeconds(1), FleetWorker.recorded(Workers.view(1), Workers.capacity(1))));
  }

  @AfterEach
  void close() {
    replays.close();
  }

  @Test
  void aReplayThatTakesTooLongIsEndedAndItsRangeIsTooWide() {
    records.hold();
    CompletableFuture<ReplayReport> answer = asked("acme");
    await().until(() -> records.reading.get() == 1);

    ticker.advance(PlacementReplays.LONGEST.plusMillis(1));

    assertRefused(
        answer,
        Reason.REPLAY_RANGE_TOO_WIDE,
        "since..until: not replayed within 20 s (expected: a shorter range)");
  }

  @Test
  void moreTasksThanAReplayTakesAreARangeThatIsTooWide() {
    records.tasks.clear();
    for (int i = 0; i <= PlacementReplays.MOST_TASKS; i++) {
      records.tasks.add(succeeded(i + 1));
    }

    assertRefused(
        asked("acme"),
        Reason.REPLAY_RANGE_TOO_WIDE,
        "since..until: tasks: more than 50000 (expected: a shorter range)");
  }

  @Test
  void whoFindsTheQueueFullIsRefusedBeforeTheCellIsAskedForAnything() {
    CountDownLatch gate = records.hold();
    CompletableFuture<ReplayReport> first = asked("acme");
    await().until(() -> records.reading.get() == 1);
    int before = cell.asked.get();
    List<CompletableFuture<ReplayReport>> waiting =
        List.of("b", "c", "d", "e", "f", "g", "h", "i").stream().map(this::asked).toList();

    assertRefused(asked("one-more"), Reason.REPLAY_BUSY, "replays that wait: 8 (expected: fewer)");
    assertRefused(
        asked("acme"), Reason.REPLAY_BUSY, "replays of acme: 1 under way (expected: none)");

    assertThat(cell.asked).hasValue(before);
    gate.countDown();
    assertThat(first.join().workload().tasks()).hasSize(1);
    assertThat(waiting).allSatisfy(one -> assertThat(one.join().workload().tenant()).isNotEmpty());
  }

  @Test
  void policiesAreThoseOfTheRange() {
    set(1);
    clock.advance(Duration.ofMinutes(2));
    set(2);
    clock.advance(Duration.ofHours(2));
    set(3);

    assertThat(asked("acme").join().replayed().policy()).isEqualTo("placement-2");
  }

  @Test
  void thePolicyThatIsConfiguredHoldsBeforeTheFirstThatIsStored() {
    clock.advance(Duration.ofHours(2));
    set(1);

    assertThat(asked("acme").join().replayed().policy()).isEqualTo("standard-1");
  }

  @Test
  void theCellIsAskedForItsFleetOnlyWhereTheHistoryDoesNotKnowIt() {
    asked("acme").join();
    assertThat(cell.asked).hasValue(1);

    records.fleet.clear();
    assertRefused(
        asked("acme"),
        Reason.REPLAY_NO_WORKERS,
        "workers from %s to %s: none known (expected: one that was there then, or is now)"
            .formatted(SINCE, UNTIL));
    assertThat(cell.asked).hasValue(3);
  }

  private CompletableFuture<ReplayReport> asked(String tenant) {
    return replays
        .replay(new ReplayQuestion(tenant, SINCE, UNTIL, Proposal.NOTHING), () -> false)
        .toCompletableFuture();
  }

  private void set(int version) {
    policies.append(
        stored.raiseEpoch(),
        new PlacementPolicy(version, Map.of(), AlgorithmTable.STANDARD),
        new PolicyNote("acme/ada", "", ""));
  }

  private static RecordedTask succeeded(int number) {
    Instant leased = SINCE.plusSeconds(60);
    return new RecordedTask(
        new TaskId((leased.toEpochMilli() << 16) | 0x7000, number),
        leased,
        new Submission.Terms(PriorityClass.P4, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 0),
        TaskState.SUCCEEDED,
        leased.plusSeconds(20),
        List.of(
            new RecordedRun(
                Workers.id(1), AttemptState.SUCCEEDED, leased, leased.plusSeconds(20), "")));
  }

  private static void assertRefused(
      CompletableFuture<ReplayReport> answer, Reason reason, String message) {
    assertThatThrownBy(answer::join)
        .cause()
        .isInstanceOfSatisfying(
            ReplayRefusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(reason);
              assertThat(refusal).hasMessage(message);
            });
  }
}
