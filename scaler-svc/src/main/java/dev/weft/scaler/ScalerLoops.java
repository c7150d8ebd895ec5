package dev.weft.scaler;

import dev.weft.platform.lifecycle.Rounds;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** What the scaler does by itself: one thread keeps the pools, one does what may wait. */
final class ScalerLoops {

  private static final Duration LAST_ROUND = Duration.ofSeconds(10);

  private final Rounds keeping = new Rounds("scaler-rounds");
  private final Rounds aside = new Rounds("scaler-aside");
  private final Rounds timer = new Rounds("scaler-timer");

  void keeping(Duration pause, Runnable action) {
    keeping.every(pause, action::run);
  }

  void aside(Duration pause, Runnable action) {
    aside.every(pause, action::run);
  }

  /** For the streams; nothing on it may block. */
  ScheduledExecutorService timer() {
    return timer.thread();
  }

  /** Ends the rounds; one under way is waited for. */
  void stop() throws InterruptedException {
    aside.close();
    keeping.finish(LAST_ROUND);
  }

  void close() {
    keeping.close();
    aside.close();
    timer.close();
  }
}
