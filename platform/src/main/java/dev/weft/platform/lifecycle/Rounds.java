package dev.weft.platform.lifecycle;

import dev.weft.platform.telemetry.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What a process does by itself on one thread: again and again, with a pause between a round's end
 * and the next one's begin. A round that fails is told of, and followed by the next.
 */
public final class Rounds implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private final ScheduledThreadPoolExecutor thread;

  /** One turn of it. */
  @FunctionalInterface
  public interface Round {
    void run() throws IOException;
  }

  /**
   * @param name of the thread, which does not keep the process alive
   */
  public Rounds(String name) {
    this.thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Begins after the first pause. */
  public void every(Duration pause, Round round) {
    long nanos = pause.toNanos();
    thread.scheduleWithFixedDelay(() -> guarded(round), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Once, after what waits already. */
  public void once(Round round) {
    after(Duration.ZERO, round);
  }

  /** Once, after a while; dropped if the rounds have ended. */
  public void after(Duration delay, Round round) {
    try {
      thread.schedule(() -> guarded(round), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debugf("not run, the process ends: %s=%s", LogKeys.ERROR, e);
    }
  }

  /** The thread itself, for those who are told of their failures elsewhere. */
  public ScheduledExecutorService thread() {
    return thread;
  }

  /**
   * Ends the rounds. One under way is waited for, and interrupted if that takes longer; what waits
   * is dropped.
   */
  public void finish(Duration patience) throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      thread.shutdownNow();
    }
  }

  /** Ends the rounds at once, and interrupts one under way. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private static void guarded(Round round) {
    try {
      round.run();
    } catch (IOException | RuntimeException e) {
      LOG.errorf(e, "a round failed, the next one follows: %s=%s", LogKeys.ERROR, e);
    }
  }
}
