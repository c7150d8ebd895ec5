package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A gate whose shared buckets answer, and whose time passes, when a test says so. */
final class OneGate {

  final SettableTicker ticker = new SettableTicker();
  final Deque<Timer> timers = new ArrayDeque<>();
  final Keeper keeper = new Keeper();
  final Ears ears = new Ears();

  /** 10 a second for each of two gateways alone; the shared bucket holds 15. */
  final SubmitGate gate =
      new SubmitGate(
          keeper,
          new SubmitRate(20, 20, 2),
          new GateTools(ticker, (delay, task) -> timers.add(new Timer(delay, task)), ears));

  record Timer(Duration delay, Runnable task) {}

  record Question(String tenant, long wanted, OwnPart own, CompletableFuture<Grant> answer) {}

  void runTimers() {
    List<Timer> due = new ArrayList<>(timers);
    timers.clear();
    due.forEach(timer -> timer.task().run());
  }

  static boolean done(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  static int granted(CompletionStage<Admission> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join().granted();
  }

  static final class Keeper implements SharedBuckets {

    final List<Question> questions = new ArrayList<>();

    @Override
    public CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, OwnPart own) {
      Question question = new Question(tenant, wanted, own, new CompletableFuture<>());
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

  static final class Ears implements GateMeter {

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
