package dev.weft.artifact.app.output;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Does the same work whenever somebody wakes it, in one thread at a time; what happens elsewhere is
 * put into its mail. Safe for threads.
 */
final class SerialMail {

  private final Executor executor;
  private final Runnable work;
  private final Queue<Runnable> mail = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wanted = new AtomicInteger();

  /**
   * @param executor must not run anything in the caller
   * @param work takes the mail and does what it can; throws nothing
   */
  SerialMail(Executor executor, Runnable work) {
    this.executor = executor;
    this.work = work;
  }

  /** There may be something to do. */
  void wake() {
    if (wanted.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  void post(Runnable event) {
    mail.add(event);
    wake();
  }

  /** The eldest piece of mail, for the work; null if there is none. */
  @Nullable Runnable poll() {
    return mail.poll();
  }

  private void run() {
    int seen = 1;
    do {
      work.run();
      seen = wanted.addAndGet(-seen);
    } while (seen != 0);
  }
}
