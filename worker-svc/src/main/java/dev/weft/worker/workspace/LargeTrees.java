package dev.weft.worker.workspace;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The large trees of one worker: one at a time, since each takes much of its memory. Small ones
 * never wait. Safe for threads.
 */
final class LargeTrees {

  /** From so many entries on a tree is large… */
  static final int ENTRIES = 20_000;

  /** …and from so many bytes on, whatever it names. */
  static final long BYTES = 2L << 20;

  private static final long LOOK_MILLIS = 100;

  private final Semaphore one;

  LargeTrees() {
    this(new Semaphore(1, true));
  }

  LargeTrees(Semaphore one) {
    this.one = one;
  }

  static boolean isLarge(int entries, long bytes) {
    return entries >= ENTRIES || bytes >= BYTES;
  }

  /** Whose tree may turn out to be large; it waits for nothing yet. */
  Turn turn() {
    return new Turn();
  }

  /** Throws if whoever waits is not to go on. */
  interface Check {
    void goOn() throws CarryException, HaltedException;
  }

  /** One tree's turn, until it is closed. One thread. */
  final class Turn implements AutoCloseable {

    private boolean held;

    private Turn() {}

    /** Waits until no other tree is large, if this one is and has not waited yet. */
    void of(int entries, long bytes, Check check)
        throws CarryException, HaltedException, InterruptedException {
      while (!held && isLarge(entries, bytes)) {
        check.goOn();
        held = one.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void close() {
      if (held) {
        held = false;
        one.release();
      }
    }
  }
}
