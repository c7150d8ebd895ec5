package dev.weft.cli.relay;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes a link on which nothing was agreed in time; either that, or it was in time, never both.
 */
final class Patience {
  private final AtomicBoolean decided;
  private final Thread clock;

  private Patience(AtomicBoolean decided, Thread clock) {
    this.decided = decided;
    this.clock = clock;
  }

  /** From now on; also for a link that is not connected yet. */
  static Patience with(FrameLink link, long millis) {
    AtomicBoolean decided = new AtomicBoolean();
    Thread clock =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    Thread.sleep(millis);
                  } catch (InterruptedException e) {
                    return; // It was in time.
                  }
                  if (decided.compareAndSet(false, true)) {
                    link.close();
                  }
                });
    return new Patience(decided, clock);
  }

  /** Whether it was in time, and then the link stays open. */
  boolean end() {
    boolean inTime = decided.compareAndSet(false, true);
    clock.interrupt();
    return inTime;
  }
}
