package dev.weft.worker;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs what is for the next attempt, on a thread that may block, once the last one's result is on
 * its way.
 */
record Afterwards(ScheduledExecutorService timer, Executor blocking) {

  /** Whoever runs one command after the other in a directory is back in a tenth of a second. */
  private static final Duration SOON = Duration.ofMillis(25);

  private static final Duration IN_A_WHILE = Duration.ofMillis(200);

  /** What the very next attempt wants to find. */
  void soon(Runnable action) {
    after(SOON, action);
  }

  /** What can wait until whoever asked for the last one has its answer. */
  void inAWhile(Runnable action) {
    after(IN_A_WHILE, action);
  }

  private void after(Duration pause, Runnable action) {
    timer.schedule(() -> blocking.execute(action), pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
