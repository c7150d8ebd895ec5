package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SubmitGateTest {

  private static final Duration NOW = Duration.ZERO;

  private final SettableTicker ticker = new SettableTicker();
  private final Deque<Timer> timers = new ArrayDeque<>();
  private final Keeper keeper = new Keeper();
  private final Ears ears = new Ears();

  /** 10 a second for each of two gateways alone; the shared bucket holds 15. */
  private final SubmitGate gate =
      new SubmitGate(
          keeper,
          new SubmitRate(20, 20, 2),
          new GateTools(ticker, (delay, task) -> timers.add(new Timer(delay, task)), ears));

  private record Timer(Duration delay, Runnable task) {}

  private record Question(
      String tenant, long wanted, Duration lost, CompletableFuture<Grant> answer) {}

  @Test
  void whoFindsNoTokenWaitsForTheAnswer() {
    CompletionStage<Admission> first = gate.admit("acme", 1);
    CompletionStage<Admission> second = gate.admit("acme", 2);
    assertThat(keeper.questions).hasSize(1);
    assertThat(done(first)).isFalse();

    keeper.grant(1, 10);
    assertThat(granted(first)).isEqualTo(1);
    keeper.grant(2, 8);

    assertThat(granted(second)).isEqualTo(2);
    assertThat(keeper.questions).extracting(Question::wanted).containsExactly(1L, 2L);
    assertThat(keeper.questions).extracting(Question::lost).containsOnly(NOW);
  }

  @Test
  void whatWasTakenAheadNeedsNoQuestion() {
    gate.admit("acme", 1);
    keeper.grant(10, 5);

    for (int i = 0; i < 9; i++) {
      assertThat(granted(gate.admit("acme", 1))).isEqualTo(1);
    }

    assertThat(keeper.questions).hasSize(1);
  }

  @Test
  void tokensTakenAheadEndWithTheirLease() {
    gate.admit("acme", 1);
    keeper.grant(10, 5);
    ticker.advance(Duration.ofMillis(250));

    CompletionStage<Admission> later = gate.admit("acme", 1);

    assertThat(done(later)).isFalse();
    assertThat(keeper.questions).hasSize(2);
  }

  @Test
  void ofABatchTheFirstPass() {
    CompletionStage<Admission> batch = gate.admit("acme", 10);

    keeper.grant(6, 0);

    Admission admission = batch.toCompletableFuture().join();
    assertThat(admission.granted()).isEqualTo(6);
    assertThat(ears.throttled).isEqualTo(4);
    MeshException seventh = admission.refusal(6);
    MeshException tenth = admission.refusal(9);
    assertThat(seventh.reason()).isEqualTo(GatewayReason.SUBMIT_RATE);
    assertThat(seventh.retryAfter()).contains(Duration.ofMillis(50));
    assertThat(tenth.retryAfter()).contains(Duration.ofMillis(200));
    assertThat(tenth.metadata())
        .containsEntry("allowed", "false")
        .containsEntry("throttle_delay_ms", "200")
        .containsEntry("current_usage", "20")
        .containsEntry("limit", "20")
        .containsEntry("retry_after", "1");
  }

  @Test
  void anEmptyBucketRefusesAtOnceAndIsNotAskedAgainInVain() {
    gate.admit("acme", 1);
    keeper.grant(0, 0);

    CompletionStage<Admission> refused = gate.admit("acme", 1);

    assertThat(granted(refused)).isZero();
    assertThat(keeper.questions).hasSize(1);
    ticker.advance(Duration.ofMillis(50));
    gate.admit("acme", 1);
    assertThat(keeper.questions).hasSize(2);
  }

  @Test
  void noWaitIsLongerThanAnEmptyBucketTakesToFill() {
    CompletionStage<Admission> batch = gate.admit("acme", 1_000);

    keeper.grant(0, 0);

    assertThat(batch.toCompletableFuture().join().refusal(999).retryAfter())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void withoutAnAnswerItsOwnPartCountsAndStartsEmpty() {
    CompletionStage<Admission> waiting = gate.admit("acme", 1);
    ticker.advance(TenantGate.PATIENCE);
    runTimers();

    assertThat(granted(waiting)).isZero();
    assertThat(gate.local()).isTrue();
    ticker.advance(Duration.ofMillis(100));
    assertThat(granted(gate.admit("acme", 1))).isEqualTo(1);
    assertThat(granted(gate.admit("acme", 1))).isZero();
    assertThat(ears.lost).isEqualTo(1);
  }

  @Test
  void whatRefillsInAMomentIsWaitedFor() {
    gate.admit("acme", 1);
    keeper.fail();
    timers.clear();
    ticker.advance(Duration.ofMillis(80));

    CompletionStage<Admission> soon = gate.admit("acme", 1);

    assertThat(done(soon)).isFalse();
    assertThat(timers.element().delay()).isEqualTo(Duration.ofMillis(20));
    timers.remove().task().run();
    assertThat(granted(soon)).isEqualTo(1);
  }

  @Test
  void whileItIsCutOffOneTenantAsksForAll() {
    gate.admit("acme", 1);
    keeper.fail();

    for (int i = 0; i < 20; i++) {
      gate.admit("t" + i, 1);
    }
    assertThat(keeper.questions).hasSize(1);
    ticker.advance(Duration.ofMillis(100));
    for (int i = 0; i < 20; i++) {
      gate.admit("t" + i, 1);
    }

    assertThat(keeper.questions).extracting(Question::tenant).containsExactly("acme", "t0");
  }

  @Test
  void aQuestionThatHangsIsNotFollowedByMore() {
    gate.admit("acme", 1);
    ticker.advance(TenantGate.PATIENCE);
    runTimers();
    ticker.advance(Duration.ofMillis(200));
    gate.admit("acme", 1);
    assertThat(keeper.questions).hasSize(1);

    ticker.advance(Duration.ofSeconds(2));
    gate.admit("acme", 1);

    assertThat(keeper.questions).hasSize(2);
  }

  @Test
  void asLongAsItHangsNobodyElseWaits() {
    gate.admit("acme", 1);
    ticker.advance(TenantGate.PATIENCE);
    runTimers();

    long granted = 0;
    for (int i = 0; i < 15; i++) {
      ticker.advance(Duration.ofMillis(100));
      granted += granted(gate.admit("acme", 1));
    }

    assertThat(granted).isEqualTo(15);
    assertThat(gate.local()).isTrue();
    assertThat(keeper.questions).hasSize(1);
  }

  @Test
  void whoComesBackSaysHowLongItWasAlone() {
    gate.admit("acme", 1);
    keeper.fail();
    ticker.advance(Duration.ofMillis(150));
    gate.admit("acme", 1);

    assertThat(keeper.questions.getLast().lost()).isEqualTo(Duration.ofMillis(150));
    keeper.closed(Duration.ofMillis(300));
    assertThat(gate.local()).isFalse();
    ticker.advance(Duration.ofMillis(100));
    assertThat(granted(gate.admit("acme", 1))).isEqualTo(1);
    ticker.advance(Duration.ofMillis(200));
    gate.admit("acme", 1);
    assertThat(keeper.questions.getLast().lost()).isZero();
  }

  @Test
  void anAnswerThatComesTooLateIsNotUsed() {
    gate.admit("acme", 1);
    ticker.advance(TenantGate.PATIENCE);
    runTimers();

    keeper.grant(10, 5);

    assertThat(granted(gate.admit("acme", 1))).isZero();
    assertThat(gate.local()).isTrue();
  }

  @Test
  void tenantsDoNotSpendEachOthersTokens() {
    gate.admit("acme", 1);
    keeper.grant(10, 5);

    gate.admit("other", 1);

    assertThat(keeper.questions).extracting(Question::tenant).containsExactly("acme", "other");
  }

  private void runTimers() {
    List<Timer> due = new ArrayList<>(timers);
    timers.clear();
    due.forEach(timer -> timer.task().run());
  }

  private static boolean done(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static int granted(CompletionStage<Admission> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join().granted();
  }

  private static final class Keeper implements SharedBuckets {

    final List<Question> questions = new ArrayList<>();

    @Override
    public CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, Duration lost) {
      Question question = new Question(tenant, wanted, lost, new CompletableFuture<>());
      questions.add(question);
      return question.answer();
    }

    void grant(long granted, long left) {
      questions.getLast().answer().complete(new Grant(granted, left, Duration.ZERO));
    }

    void closed(Duration opensIn) {
      questions.getLast().answer().complete(new Grant(0, 0, opensIn));
    }

    void fail() {
      questions.getLast().answer().completeExceptionally(new IllegalStateException("away"));
    }
  }

  private static final class Ears implements GateMeter {

    long throttled;
    int lost;

    @Override
    public void throttled(long tasks, boolean local) {
      throttled += tasks;
    }

    @Override
    public void asked(Answer answer) {}

    @Override
    public void lost(String error) {
      lost++;
    }
  }
}
