package dev.weft.router.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Does one thing again and again on a thread of its own, a second apart, whatever becomes of it. A
 * round is never interrupted, since a keeper may be in a commit.
 */
final class KeeperRounds implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(KeeperRounds.class);
  private static final long PAUSE_MILLIS = 1_000;

  private final String failed;
  private final Runnable round;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param failed what it means that a round failed, for the log
   */
  KeeperRounds(String thread, String failed, Runnable round) {
    this.failed = failed;
    this.round = round;
    this.thread = Thread.ofPlatform().daemon().name(thread).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Lets the round under way end, and begins no other. */
  @Override
  public void close() {
    stopping.countDown();
  }

  private void run() {
    try {
      while (!stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        once();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void once() {
    try {
      round.run();
    } catch (RuntimeException e) {
      LOG.warnf("%s, trying again soon error=%s", failed, e.getMessage());
    }
  }
}
