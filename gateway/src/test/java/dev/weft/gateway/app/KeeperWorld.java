package dev.weft.gateway.app;

import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A time that a test makes pass, and a keeper of buckets that fails in it. */
abstract class KeeperWorld {

  final SettableTicker ticker = new SettableTicker();
  final Random random;
  final FakeSharedBuckets buckets = new FakeSharedBuckets(ticker);

  /** The longest way to the keeper or back, in microseconds. */
  int slowest = 4_000;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long numbers;
  private boolean down;
  private boolean hung;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private Map<?, ?> onDisk = Map.of();

  private record Event(long at, long number, Runnable task) {}

  KeeperWorld(long seed) {
    this.random = new Random(seed);
  }

  /** So much time is about to pass. */
  abstract void pass(double seconds);

  GateTools tools() {
    return new GateTools(ticker, this::later, new Deaf());
  }

  void later(Duration delay, Runnable task) {
    events.add(new Event(ticker.nanos() + delay.toNanos(), numbers++, task));
  }

  void run(Duration time) {
    long end = ticker.nanos() + time.toNanos();
    while (!events.isEmpty() && events.element().at() - end <= 0) {
      Event next = events.remove();
      passTo(next.at());
      next.task().run();
    }
    passTo(end);
  }

  private void passTo(long to) {
    pass((to - ticker.nanos()) / 1e9);
    ticker.advance(Duration.ofNanos(to - ticker.nanos()));
  }

  boolean down() {
    return down;
  }

  void stop() {
    down = true;
  }

  /** Another run, with what is on disk or nothing. */
  void start(boolean kept) {
    down = false;
    buckets.restart(kept ? onDisk : Map.of());
  }

  void writeToDisk() {
    onDisk = buckets.kept();
  }

  void hang() {
    hung = true;
  }

  void goOn() {
    hung = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  /** One gateway's way to the keeper. */
  class Wire {

    boolean cut;

    <T> CompletionStage<T> ask(Supplier<T> work) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      later(way(), () -> arrive(answer, work));
      return answer;
    }

    private <T> void arrive(CompletableFuture<T> answer, Supplier<T> work) {
      if (down || cut) {
        answer.completeExceptionally(new IllegalStateException("refused"));
      } else if (hung) {
        held.add(() -> arrive(answer, work));
      } else {
        T grant = work.get();
        later(way(), () -> answer.complete(grant));
      }
    }

    private Duration way() {
      return Duration.ofNanos(50_000 + random.nextInt(slowest) * 1_000L);
    }
  }

  private static final class Deaf implements GateMeter {
    @Override
    public void throttled(long tasks, boolean local) {}

    @Override
    public void asked(Answer answer) {}

    @Override
    public void lost(String error) {}
  }
}
