package dev.weft.gateway.session;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the placer is to note of a body's frames, one after the other, each until it is noted or
 * refused. A frame is not acknowledged before that, so that another home would come to know of it.
 * Guarded by its home's lock.
 */
final class Errands {

  private static final Logger LOG = Logger.getLogger(Errands.class);

  /** Between two tries of what the placer must hear. */
  static final Backoff AGAIN = Backoff.doubling(Duration.ofMillis(200), Duration.ofSeconds(2));

  /** As many as may wait before nothing more is asked of the body. */
  static final int MANY = 256;

  private final AgentHome home;
  private final RandomGenerator random;
  private final Runnable progressed;
  private final Deque<Errand> waiting = new ArrayDeque<>();
  private int failures;
  private boolean dropped;

  /**
   * @param progressed run under the lock after each
   */
  Errands(AgentHome home, RandomGenerator random, Runnable progressed) {
    this.home = home;
    this.random = random;
    this.progressed = progressed;
  }

  /**
   * @param number of the frame
   */
  private record Errand(long number, Supplier<CompletionStage<Void>> call) {}

  void add(long number, Supplier<CompletionStage<Void>> call) {
    waiting.addLast(new Errand(number, call));
    if (waiting.size() == 1) {
      run(waiting.getFirst());
    }
  }

  boolean many() {
    return waiting.size() >= MANY;
  }

  /** Up to which frame everything is noted, of those up to the given one. */
  long doneThrough(long received) {
    return waiting.isEmpty() ? received : Math.min(received, waiting.getFirst().number() - 1);
  }

  /** Forgets all: the body is over, and the placer knows better. */
  void drop() {
    dropped = true;
    waiting.clear();
  }

  private void run(Errand errand) {
    home.whenAnswered(errand.call().get(), (_, failure) -> answered(errand, failure));
  }

  private void answered(Errand errand, @Nullable Throwable failure) {
    if (dropped) {
      return;
    }
    if (failure != null && AgentCell.isAway(failure)) {
      failures++;
      home.later(AGAIN.delay(failures, random), () -> again(errand));
      return;
    }
    if (failure != null) {
      LOG.warnf(
          "the placer does not note a frame: error=%s", StatusMapper.fromStatus(failure).message());
    }
    failures = 0;
    waiting.removeFirst();
    progressed.run();
    if (!waiting.isEmpty()) {
      run(waiting.getFirst());
    }
  }

  private void again(Errand errand) {
    if (!dropped) {
      run(errand);
    }
  }
}
