package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.RateBuckets.Draw;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.RateBound;
import dev.weft.gateway.domain.RateVerdict;
import dev.weft.gateway.domain.RateWish;
import dev.weft.gateway.domain.RatedResource;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.gateway.domain.Tier;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** One gateway whose shared buckets answer, and whose time passes, when a test says so. */
class RateGateTest {

  /** 400 of P0 and 200 of P1 and below a minute, and 200 of each user. */
  private static final List<RateBound> OF_P1 =
      RateBound.of(
          "acme",
          new TenantTier(Tier.BASIC, 1),
          new RateWish(RatedResource.LLM_TOKENS, 1, 1, "ada"),
          2);

  private final SettableTicker ticker = new SettableTicker();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final List<Question> questions = new ArrayList<>();
  private final OneGate.Ears ears = new OneGate.Ears();
  private final RateGate gate =
      new RateGate(this::ask, new GateTools(ticker, (_, task) -> timers.add(task), ears));

  private record Question(List<Draw> draws, long amount, CompletableFuture<List<Grant>> answer) {}

  private CompletionStage<List<Grant>> ask(List<Draw> draws, long amount) {
    Question question = new Question(draws, amount, new CompletableFuture<>());
    questions.add(question);
    return question.answer();
  }

  @Test
  void oneQuestionIsAskedForAllLimits() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 50);
    answer(grant(50, 150), grant(50, 350), grant(50, 20));

    RateVerdict verdict = now(stage);
    assertThat(questions).hasSize(1);
    assertThat(questions.getFirst().draws()).extracting(Draw::bucket).hasSize(3);
    assertThat(verdict.allowed()).isTrue();
    assertThat(verdict.delay()).isZero();
    assertThat(verdict.nearest().priority()).as("the user has the least left").isEmpty();
    assertThat(verdict.usage()).isEqualTo(180);
  }

  @Test
  void aRefusalTellsTheLimitThatTakesTheLongest() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 50);
    answer(grant(0, 20), grant(0, 300), grant(0, 45));

    RateVerdict verdict = now(stage);
    assertThat(verdict.allowed()).isFalse();
    assertThat(verdict.nearest().priority()).isEqualTo(OptionalInt.of(1));
    assertThat(verdict.usage()).isEqualTo(180);
    assertThat(verdict.nearest().limit()).isEqualTo(200);
    assertThat(verdict.delayMillis()).as("30 of 200 a minute").isBetween(9_000L, 9_001L);
    assertThat(ears.throttled).isEqualTo(1);
  }

  @Test
  void aBucketThatIsClosedIsWaitedForAsWell() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 10);
    Grant closed = new Grant(0, 0, Duration.ofMillis(300));
    answer(closed, grant(0, 400), grant(0, 200));

    assertThat(now(stage).delayMillis()).isBetween(3_300L, 3_301L);
  }

  @Test
  void withoutAnAnswerItsOwnPartCountsAndStartsEmpty() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 5);
    assertThat(stage.toCompletableFuture()).isNotDone();
    ticker.advance(RateBuckets.PATIENCE);
    runTimers();

    assertThat(now(stage).allowed()).isFalse();
    assertThat(now(stage).local()).isTrue();
    assertThat(now(stage).delayMillis()).as("5 of 100 a minute").isBetween(3_000L, 3_001L);
    assertThat(gate.local()).isTrue();
    passWithoutAnAnswer(Duration.ofMillis(3_050));
    assertThat(now(gate.acquire(OF_P1, 5)).allowed()).isTrue();
    assertThat(now(gate.acquire(OF_P1, 5)).allowed()).isFalse();
  }

  @Test
  void whileItIsCutOffOnlyOneQuestionAtATimeIsUnderWay() {
    gate.acquire(OF_P1, 5);
    fail();
    for (int i = 0; i < 20; i++) {
      assertThat(gate.acquire(OF_P1, 5).toCompletableFuture()).isDone();
    }
    assertThat(questions).hasSize(1);

    for (int i = 0; i < 10; i++) {
      ticker.advance(BucketReach.PROBE);
      runTimers();
    }

    assertThat(questions).as("one probe, which hangs").hasSize(2);
    assertThat(questions.getLast().draws()).isEmpty();
    assertThat(gate.local()).isTrue();
  }

  @Test
  void whoIsBackTellsTheBucketsForHowLongItsOwnPartHasCounted() {
    gate.acquire(OF_P1, 5);
    fail();
    passWithoutAnAnswer(Duration.ofMillis(1_100));
    gate.acquire(OF_P1, 1);
    ticker.advance(BucketReach.PROBE);
    runTimers();
    questions.getLast().answer().complete(List.of());

    assertThat(gate.local()).isFalse();
    gate.acquire(OF_P1, 1);
    assertThat(questions.getLast().draws())
        .hasSize(3)
        .allSatisfy(draw -> assertThat(draw.own().counted()).isGreaterThan(Duration.ofSeconds(1)));
    answer(grant(0, 0), grant(0, 0), grant(0, 0));
    gate.acquire(OF_P1, 1);
    assertThat(questions.getLast().draws())
        .allSatisfy(draw -> assertThat(draw.own().counted()).isZero());
  }

  @Test
  void whatIsMoreThanItsOwnPartCanHoldWaitsForTheSharedBuckets() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 150);
    fail();

    assertThat(now(stage).allowed()).isFalse();
    assertThat(now(stage).delayMillis()).isBetween(60_000L, 60_001L);
  }

  @Test
  void anAnswerThatComesTooLateIsNotHeard() {
    CompletionStage<RateVerdict> stage = gate.acquire(OF_P1, 5);
    ticker.advance(RateBuckets.PATIENCE);
    runTimers();
    answer(grant(5, 100), grant(5, 100), grant(5, 100));

    assertThat(now(stage).allowed()).isFalse();
    assertThat(gate.local()).isTrue();
  }

  private void passWithoutAnAnswer(Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += 50) {
      ticker.advance(Duration.ofMillis(50));
      Question last = questions.getLast();
      if (!last.answer().isDone()) {
        fail();
      }
      runTimers();
    }
  }

  private void runTimers() {
    List<Runnable> due = new ArrayList<>(timers);
    timers.clear();
    due.forEach(Runnable::run);
  }

  private void answer(Grant... grants) {
    questions.getLast().answer().complete(List.of(grants));
  }

  private void fail() {
    questions.getLast().answer().completeExceptionally(new IllegalStateException("away"));
  }

  private static Grant grant(long granted, long left) {
    return new Grant(granted, left, Duration.ZERO);
  }

  private static RateVerdict now(CompletionStage<RateVerdict> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join();
  }
}
