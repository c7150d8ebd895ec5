package dev.weft.router.app;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets a loop's thread rest when it has nothing to do. Whoever brings something puts it down first
 * and then ends the rest.
 */
final class Rest {

  private final Thread thread;
  private volatile boolean begun;

  Rest(Thread thread) {
    this.thread = thread;
  }

  /** Wakes the thread if it rests; any thread. */
  void end() {
    if (begun) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Rests until {@link #end}, at most so long; the thread's own.
   *
   * @param busy looked at only when others can see that the rest has begun, so that nothing which
   *     they bring meanwhile is overlooked
   */
  void unless(BooleanSupplier busy, long nanos) {
    begun = true;
    if (!busy.getAsBoolean()) {
      LockSupport.parkNanos(nanos);
    }
    begun = false;
  }
}
