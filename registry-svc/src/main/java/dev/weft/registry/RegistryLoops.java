package dev.weft.registry;

import dev.weft.platform.lifecycle.Rounds;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What the registry does by itself: three threads, so that storage and watchers never delay the
 * judge.
 */
final class RegistryLoops {

  private static final Duration LAST_WRITE = Duration.ofSeconds(35);

  private final Rounds judge = new Rounds("registry-judge");
  private final Rounds store = new Rounds("registry-store");
  private final Rounds watch = new Rounds("registry-watch");

  /** Judging and what else must not wait. */
  void judging(Duration pause, Runnable action) {
    judge.every(pause, action::run);
  }

  /** A short action after a while, on the judge's thread; dropped when the process ends. */
  void later(Runnable action, Duration delay) {
    judge.after(delay, action::run);
  }

  /** Writing, which waits for PostgreSQL. */
  void storing(Duration pause, Runnable action) {
    store.every(pause, action::run);
  }

  /** Once, on the writing thread. */
  void storingOnce(Runnable action) {
    store.once(action::run);
  }

  /** Where watchers are told, one task at a time. */
  Executor watching() {
    return watch.thread();
  }

  /** Ends judging and writing; a write under way is waited for. */
  void stop() throws InterruptedException {
    judge.close();
    store.finish(LAST_WRITE);
  }

  void close() {
    judge.close();
    store.close();
    watch.close();
  }
}
