package dev.weft.router.app;

import dev.weft.router.app.ReplayRefusal.Reason;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One replay at a time on a thread of its own, one of a tenant; a few more wait, and not for long.
 */
final class ReplayTurns implements AutoCloseable {

  private static final int MOST_WAITING = 8;

  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor thread = oneAtATime();
  private final Duration wait;

  /**
   * @param wait most that one waits for its turn
   */
  ReplayTurns(Duration wait) {
    this.wait = wait;
  }

  /** Does the work when it is its turn. Fails with {@link ReplayRefusal} REPLAY_BUSY, at once. */
  <T> CompletionStage<T> take(String tenant, Supplier<T> work) {
    if (!underWay.add(tenant)) {
      return CompletableFuture.failedStage(
          busy("replays of %s: 1 under way (expected: none)".formatted(tenant)));
    }
    Turn<T> turn = new Turn<>(work);
    CompletionStage<T> answer = turn.answer.whenComplete((_, _) -> underWay.remove(tenant));
    try {
      thread.execute(turn);
      CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> giveUp(turn));
    } catch (RejectedExecutionException e) {
      turn.answer.completeExceptionally(
          busy("replays that wait: %d (expected: fewer)".formatted(MOST_WAITING)));
    }
    return answer;
  }

  boolean closed() {
    return thread.isShutdown();
  }

  /** Interrupts the one under way. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void giveUp(Turn<?> turn) {
    if (turn.taken.compareAndSet(false, true)) {
      thread.remove(turn);
      turn.answer.completeExceptionally(
          busy("replays before it: at work for %s (expected: none)".formatted(wait)));
    }
  }

  private static ReplayRefusal busy(String message) {
    return new ReplayRefusal(Reason.REPLAY_BUSY, message);
  }

  private static ThreadPoolExecutor oneAtATime() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("router-replay").factory());
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  private static final class Turn<T> implements Runnable {
    final CompletableFuture<T> answer = new CompletableFuture<>();
    final AtomicBoolean taken = new AtomicBoolean();
    private final Supplier<T> work;

    Turn(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      if (!taken.compareAndSet(false, true)) {
        return;
      }
      T made;
      try {
        made = work.get();
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
        return;
      }
      answer.complete(made);
    }
  }
}
