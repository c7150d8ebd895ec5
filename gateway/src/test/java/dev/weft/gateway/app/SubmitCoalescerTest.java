package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.app.SubmitOutcome.Accepted;
import dev.weft.gateway.app.SubmitOutcome.Refused;
import dev.weft.gateway.app.SubmitOutcome.Skewed;
import dev.weft.gateway.app.SubmitOutcome.TooLarge;
import dev.weft.gateway.app.SubmitOutcome.Unknown;
import dev.weft.gateway.app.Submitter.Parcel;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SubmitCoalescerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SettableClock clock = new SettableClock();
  private final SettableTicker ticker = new SettableTicker();
  private final FakeCell cell = new FakeCell();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final ServerClock serverClock = new ServerClock(clock);
  private final SubmitCoalescer<String, UUID> coalescer = coalescer(4, 100, 3, 100);

  @Test
  void whatWaitsWhileACallIsUnderWayIsTheNextBatch() {
    CompletionStage<UUID> first = coalescer.submit("acme", "a", 1, PATIENCE);
    CompletionStage<UUID> second = coalescer.submit("acme", "b", 1, PATIENCE);
    CompletionStage<UUID> third = coalescer.submit("acme", "c", 1, PATIENCE);
    assertThat(cell.flights).hasSize(1);

    cell.acceptAll();
    cell.acceptAll();

    assertThat(sizes).containsExactly(1, 2);
    assertThat(List.of(first, second, third)).allMatch(SubmitCoalescerTest::isDone);
    assertThat(coalescer.held()).isZero();
  }

  @Test
  void aBatchIsBounded() {
    coalescer.submit("acme", "first", 1, PATIENCE);
    List.of("a", "b", "c").forEach(task -> coalescer.submit("acme", task, 40, PATIENCE));

    cell.acceptAll();

    assertThat(cell.last().batch()).extracting(Parcel::task).containsExactly("a", "b");
  }

  @Test
  void aFullQueueRefusesAtOnceAndSaysWhenToComeBack() {
    List.of("a", "b", "c", "d").forEach(task -> coalescer.submit("acme", task, 1, PATIENCE));

    MeshException refusal = failure(coalescer.submit("acme", "e", 1, PATIENCE));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.QUEUE_FULL);
    assertThat(refusal.retryAfter()).isPresent();
  }

  @Test
  void aQueueOfLargeTasksIsFullByItsBytes() {
    coalescer.submit("acme", "a", 60, PATIENCE);

    assertThat(failure(coalescer.submit("acme", "b", 50, PATIENCE)).reason())
        .isEqualTo(GatewayReason.QUEUE_FULL);
  }

  @Test
  void anItemsRefusalLeavesTheOthers() {
    List<CompletionStage<UUID>> answers =
        coalescer.submitAll("acme", List.of("a", "b"), _ -> 1, PATIENCE);

    cell.answer(
        parcel ->
            parcel.task().equals("a")
                ? new Refused<>(new MeshException(CommonReason.ALREADY_EXISTS, "a"))
                : new Accepted<>(parcel.id()));

    assertThat(failure(answers.get(0)).reason()).isEqualTo(CommonReason.ALREADY_EXISTS);
    assertThat(isDone(answers.get(1))).isTrue();
  }

  @Test
  void anUnknownOutcomeIsSentAgainUnderTheSameId() {
    CompletionStage<UUID> answer = coalescer.submit("acme", "a", 1, PATIENCE);
    UUID id = cell.last().batch().getFirst().id();

    cell.fail(new MeshException(CommonReason.UNAVAILABLE, "cut off"));
    runTimer();

    Parcel<String> again = cell.last().batch().getFirst();
    assertThat(again).isEqualTo(new Parcel<>(id, "a", true));
    cell.acceptAll();
    assertThat(answer.toCompletableFuture().join()).isEqualTo(id);
  }

  @Test
  void oneUnknownItemOfABatchIsSentAgainAlone() {
    coalescer.submitAll("acme", List.of("a", "b"), _ -> 1, PATIENCE);

    cell.answer(
        parcel ->
            parcel.task().equals("a")
                ? new Unknown<>(new MeshException(CommonReason.UNAVAILABLE, "a"))
                : new Accepted<>(parcel.id()));
    runTimer();

    assertThat(cell.last().batch()).extracting(Parcel::task).containsExactly("a");
    assertThat(cell.last().batch()).allMatch(Parcel::resent);
  }

  @Test
  void aBatchWithTooLargeAnAnswerIsHalvedUntilOneIsAlone() {
    SubmitCoalescer<String, UUID> wide = coalescer(100, 100, 8, 100);
    List<String> tasks = List.of("a", "b", "c", "poison", "d", "e");
    List<CompletionStage<UUID>> answers = wide.submitAll("acme", tasks, _ -> 1, PATIENCE);
    CompletionStage<UUID> later = wide.submit("acme", "later", 1, PATIENCE);

    while (cell.waiting()) {
      cell.answerUnlessPoisoned();
    }

    assertThat(sizes).containsExactly(6, 3, 3, 2, 1, 1, 2);
    MeshException unknown = failure(answers.remove(3));
    assertThat(unknown.reason()).isEqualTo(GatewayReason.OUTCOME_UNKNOWN);
    assertThat(unknown.metadata().get("task_id")).startsWith("tsk_");
    assertThat(answers).allMatch(SubmitCoalescerTest::isDone);
    assertThat(isDone(later)).isTrue();
    assertThat(timers).isEmpty();
  }

  @Test
  void whoWaitsForItsEndIsToldOfIt() {
    assertThat(isDone(coalescer.whenEmpty())).isTrue();
    coalescer.submitAll("acme", List.of("a", "b"), _ -> 1, PATIENCE);

    CompletionStage<Void> empty = coalescer.whenEmpty();
    assertThat(isDone(empty)).isFalse();
    cell.acceptAll();

    assertThat(isDone(empty)).isTrue();
    assertThat(isDone(coalescer.whenEmpty())).isTrue();
  }

  @Test
  void whatIsSentAgainGoesBeforeWhatCameLater() {
    coalescer.submit("acme", "a", 1, PATIENCE);
    coalescer.submit("acme", "b", 1, PATIENCE);

    cell.fail(new MeshException(CommonReason.UNAVAILABLE, "cut off"));
    runTimer();

    assertThat(cell.last().batch()).extracting(Parcel::task).containsExactly("a", "b");
    assertThat(cell.last().batch()).extracting(Parcel::resent).containsExactly(true, false);
  }

  @Test
  void whatNobodyTookIsNotMarkedAsSent() {
    coalescer.submit("acme", "a", 1, PATIENCE);

    cell.fail(new CompletionException(new MeshException(GatewayReason.CELL_UNAVAILABLE, "nobody")));
    runTimer();

    assertThat(cell.last().batch()).noneMatch(Parcel::resent);
  }

  @Test
  void aCallerOutOfTimeLearnsThatTheTaskMayExist() {
    CompletionStage<UUID> answer = coalescer.submit("acme", "a", 1, PATIENCE);
    cell.fail(new MeshException(CommonReason.UNAVAILABLE, "cut off"));

    ticker.advance(PATIENCE);
    runTimer();

    MeshException failure = failure(answer);
    assertThat(failure.reason()).isEqualTo(GatewayReason.OUTCOME_UNKNOWN);
    assertThat(failure.metadata().get("task_id")).startsWith("tsk_");
    assertThat(coalescer.held()).isZero();
  }

  @Test
  void aCallerOutOfTimeWhomNobodyHeardLearnsThatItDoesNot() {
    CompletionStage<UUID> answer = coalescer.submit("acme", "a", 1, PATIENCE);
    cell.fail(new MeshException(GatewayReason.CELL_UNAVAILABLE, "nobody"));

    ticker.advance(PATIENCE);
    runTimer();

    assertThat(failure(answer).reason()).isEqualTo(GatewayReason.CELL_UNAVAILABLE);
  }

  @Test
  void anIdOffTheServersClockIsMintedAnewByIt() {
    CompletionStage<UUID> answer = coalescer.submit("acme", "a", 1, PATIENCE);
    UUID refused = cell.last().batch().getFirst().id();
    Instant server = clock.instant().plus(Duration.ofHours(5));

    cell.answer(
        _ ->
            new Skewed<>(
                Optional.of(server), new MeshException(CommonReason.INVALID_ARGUMENT, "x")));
    runTimer();

    Parcel<String> again = cell.last().batch().getFirst();
    assertThat(again.id()).isNotEqualTo(refused);
    assertThat(again.resent()).isFalse();
    assertThat(IdGenerator.timeOf(again.id())).isEqualTo(server);
    cell.acceptAll();
    assertThat(answer.toCompletableFuture().join()).isEqualTo(again.id());
  }

  @Test
  void anIdThatIsRefusedForEverIsGivenUp() {
    CompletionStage<UUID> answer = coalescer.submit("acme", "a", 1, PATIENCE);
    for (int i = 0; i < 4; i++) {
      cell.answer(
          _ ->
              new Skewed<>(
                  Optional.empty(), new MeshException(CommonReason.INVALID_ARGUMENT, "x")));
      if (!timers.isEmpty()) {
        runTimer();
      }
    }

    assertThat(failure(answer).reason()).isEqualTo(CommonReason.INVALID_ARGUMENT);
  }

  @Test
  void aSubmitterThatThrowsIsAnUnknownOutcome() {
    cell.breakDown = true;
    coalescer.submit("acme", "a", 1, PATIENCE);
    cell.breakDown = false;

    runTimer();

    assertThat(cell.last().batch()).allMatch(Parcel::resent);
  }

  @Test
  void pausesBetweenTriesGrow() {
    List<Duration> pauses = new ArrayList<>();
    SubmitCoalescer<String, UUID> slow =
        new SubmitCoalescer<>(
            cell,
            new CoalescerLimits(4, 100, 3, 100, Duration.ofSeconds(1)),
            tools(
                (delay, task) -> {
                  pauses.add(delay);
                  timers.add(task);
                }),
            _ -> {});
    slow.submit("acme", "a", 1, PATIENCE);
    for (int i = 0; i < 3; i++) {
      cell.fail(new MeshException(CommonReason.UNAVAILABLE, "cut off"));
      runTimer();
    }

    assertThat(pauses).isSorted().hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void oneTenantsTasksLeaveRoomForAnothers() {
    SubmitCoalescer<String, UUID> wide = coalescer(8, 1_000, 8, 1_000);
    wide.submit("meek", "m", 1, PATIENCE);

    List<CompletionStage<UUID>> bold =
        wide.submitAll("bold", List.of("a", "b", "c", "d", "e"), _ -> 1, PATIENCE);
    List<CompletionStage<UUID>> meek =
        wide.submitAll("meek", List.of("n", "o", "p"), _ -> 1, PATIENCE);

    assertThat(failure(bold.removeLast()).reason()).isEqualTo(GatewayReason.QUEUE_FULL);
    assertThat(bold).noneMatch(it -> it.toCompletableFuture().isDone());
    assertThat(meek).noneMatch(it -> it.toCompletableFuture().isDone());
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> new CoalescerLimits(0, 1, 1, 1, PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CoalescerLimits(1, 1, 1, 1, Duration.ZERO))
        .hasMessageContaining("tryDeadline: PT0S");
  }

  private SubmitCoalescer<String, UUID> coalescer(
      int waiting, long waitingBytes, int batch, long batchBytes) {
    return new SubmitCoalescer<>(
        cell,
        new CoalescerLimits(waiting, waitingBytes, batch, batchBytes, Duration.ofSeconds(1)),
        tools((_, task) -> timers.add(task)),
        sizes::add);
  }

  private CoalescerTools tools(Later later) {
    return new CoalescerTools(
        new IdGenerator(0, serverClock, new Random(1)),
        serverClock,
        ticker,
        later,
        new Backoff(Duration.ofMillis(10), 2, Duration.ofSeconds(1), 0),
        new Random(1));
  }

  private void runTimer() {
    timers.remove().run();
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone()
        && !stage.toCompletableFuture().isCompletedExceptionally();
  }

  private static MeshException failure(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    return (MeshException) stage.toCompletableFuture().exceptionNow();
  }

  /** A cell whose answers the test gives. */
  private static final class FakeCell implements Submitter<String, UUID> {

    record Flight(
        List<Parcel<String>> batch, CompletableFuture<List<SubmitOutcome<UUID>>> answer) {}

    interface Judge {
      SubmitOutcome<UUID> of(Parcel<String> parcel);
    }

    final List<Flight> flights = new ArrayList<>();
    boolean breakDown;

    @Override
    public CompletionStage<List<SubmitOutcome<UUID>>> send(
        List<Parcel<String>> batch, Duration deadline) {
      if (breakDown) {
        throw new IllegalStateException("broken");
      }
      Flight flight = new Flight(batch, new CompletableFuture<>());
      flights.add(flight);
      return flight.answer();
    }

    Flight last() {
      return flights.getLast();
    }

    boolean waiting() {
      return !last().answer().isDone();
    }

    /** As gRPC refuses a whole answer because of one of its parts. */
    void answerUnlessPoisoned() {
      boolean poisoned = last().batch().stream().anyMatch(it -> it.task().equals("poison"));
      answer(
          parcel ->
              poisoned
                  ? new TooLarge<>(new MeshException(CommonReason.RESOURCE_EXHAUSTED, "8 MiB"))
                  : new Accepted<>(parcel.id()));
    }

    void answer(Judge judge) {
      Flight flight = last();
      flight.answer().complete(flight.batch().stream().map(judge::of).toList());
    }

    void acceptAll() {
      answer(parcel -> new Accepted<>(parcel.id()));
    }

    void fail(Throwable failure) {
      last().answer().completeExceptionally(failure);
    }
  }
}
