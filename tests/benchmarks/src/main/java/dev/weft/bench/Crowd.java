package dev.weft.bench;

import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceStub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A closed loop: a fixed number of tasks, submitted as fast as their callers get their OKs. */
final class Crowd {

  private static final long GIVE_UP_MINUTES = 10;

  private final Submission submission;
  private final int perCall;
  private final AtomicInteger left;
  private final CountDownLatch callers;
  private final List<String> ids;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Crowd(TaskServiceStub stub, SubmitTaskRequest request, Callers callers, int tasks) {
    this.submission = new Submission(stub, request, callers.perCall());
    this.perCall = callers.perCall();
    this.left = new AtomicInteger(tasks);
    this.callers = new CountDownLatch(callers.count());
    this.ids = new ArrayList<>(tasks);
  }

  /**
   * What was accepted.
   *
   * @param seconds from the first call to the last OK
   */
  record Submitted(List<String> ids, double seconds) {}

  /** Returns when all are accepted. */
  static Submitted submit(
      TaskServiceStub stub, SubmitTaskRequest request, Callers callers, int tasks)
      throws InterruptedException {
    Crowd crowd = new Crowd(stub, request, callers, tasks);
    long begun = System.nanoTime();
    for (int i = 0; i < callers.count(); i++) {
      crowd.next();
    }
    if (!crowd.callers.await(GIVE_UP_MINUTES, TimeUnit.MINUTES)) {
      throw new BenchFailure("not accepted after " + GIVE_UP_MINUTES + " minutes");
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Throwable failed = crowd.failure.get();
    if (failed != null) {
      throw new BenchFailure("submit: " + failed);
    }
    return new Submitted(crowd.taken(), seconds);
  }

  private void next() {
    int before = left.getAndAdd(-perCall);
    if (before <= 0 || failure.get() != null) {
      callers.countDown();
      return;
    }
    submission.send(
        Math.min(perCall, before),
        accepted -> {
          keep(accepted);
          next();
        },
        error -> {
          failure.compareAndSet(null, error);
          callers.countDown();
        });
  }

  private synchronized void keep(List<String> accepted) {
    ids.addAll(accepted);
  }

  private synchronized List<String> taken() {
    return List.copyOf(ids);
  }
}
