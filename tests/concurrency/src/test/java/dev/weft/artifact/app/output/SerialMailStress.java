package dev.weft.artifact.app.output;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Mail of two threads is read, all of it, by one thread at a time. */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE)
@Outcome(expect = Expect.FORBIDDEN, desc = "Mail lies unread, or two read at once.")
@State
public class SerialMailStress {

  private final Queue<Runnable> threads = new ConcurrentLinkedQueue<>();
  private final SerialMail mail = new SerialMail(threads::add, this::work);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger collisions = new AtomicInteger();
  private int read;

  private void work() {
    if (inside.getAndIncrement() != 0) {
      collisions.incrementAndGet();
    }
    for (Runnable next = mail.poll(); next != null; next = mail.poll()) {
      next.run();
    }
    inside.decrementAndGet();
  }

  @Actor
  public void writer() {
    mail.post(() -> read++);
    run();
  }

  @Actor
  public void other() {
    mail.post(() -> read++);
    run();
  }

  private void run() {
    for (Runnable next = threads.poll(); next != null; next = threads.poll()) {
      next.run();
    }
  }

  @Arbiter
  public void result(II_Result result) {
    run();
    result.r1 = read;
    result.r2 = collisions.get();
  }
}
