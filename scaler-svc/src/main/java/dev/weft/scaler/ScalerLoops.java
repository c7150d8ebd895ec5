package dev.weft.scaler;

import dev.weft.platform.telemetry.LogKeys;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the scaler does by itself: one thread keeps the pools, one does what may wait. */
final class ScalerLoops {

  private static final Logger LOG = Logger.getLogger(ScalerLoops.class);
  private static final long STOP_SECONDS = 10;

  private final ScheduledExecutorService keeping = thread("scaler-rounds");
  private final ScheduledExecutorService aside = thread("scaler-aside");
  private final ScheduledExecutorService timer = thread("scaler-timer");

  void keeping(Duration pause, Runnable action) {
    every(keeping, pause, action);
  }

  void aside(Duration pause, Runnable action) {
    every(aside, pause, action);
  }

  /** For the streams; nothing on it may block. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Ends the rounds; one under way is waited for. */
  void stop() throws InterruptedException {
    aside.shutdownNow();
    keeping.shutdown();
    if (!keeping.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      keeping.shutdownNow();
    }
  }

  void close() {
    keeping.shutdownNow();
    aside.shutdownNow();
    timer.shutdownNow();
  }

  private static void every(ScheduledExecutorService executor, Duration pause, Runnable action) {
    executor.scheduleWithFixedDelay(
        () -> guarded(action), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "a round failed, the next one follows: %s=%s", LogKeys.ERROR, e);
    }
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }
}
