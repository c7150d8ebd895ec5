package dev.weft.registry;

import dev.weft.platform.telemetry.LogKeys;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What the registry does by itself: three threads, so that storage and watchers never delay the
 * judge.
 */
final class RegistryLoops {

  private static final Logger LOG = Logger.getLogger(RegistryLoops.class);
  private static final long STOP_SECONDS = 35;

  private final ScheduledExecutorService judge = thread("registry-judge");
  private final ScheduledExecutorService store = thread("registry-store");
  private final ScheduledExecutorService watch = thread("registry-watch");

  /** Judging and what else must not wait. */
  void judging(Duration pause, Runnable action) {
    every(judge, pause, action);
  }

  /** A short action after a while, on the judge's thread; dropped when the process ends. */
  void later(Runnable action, Duration delay) {
    try {
      judge.schedule(() -> guarded(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debugf("not run, the process ends: %s=%s", LogKeys.ERROR, e);
    }
  }

  /** Writing, which waits for PostgreSQL. */
  void storing(Duration pause, Runnable action) {
    every(store, pause, action);
  }

  /** Once, on the writing thread. */
  void storingOnce(Runnable action) {
    store.execute(() -> guarded(action));
  }

  /** Where watchers are told, one task at a time. */
  Executor watching() {
    return watch;
  }

  /** Ends judging and writing; a write under way is waited for. */
  void stop() throws InterruptedException {
    judge.shutdownNow();
    store.shutdown();
    if (!store.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      store.shutdownNow();
    }
  }

  void close() {
    judge.shutdownNow();
    store.shutdownNow();
    watch.shutdown();
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
