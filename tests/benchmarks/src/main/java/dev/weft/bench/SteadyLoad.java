package dev.weft.bench;

import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceStub;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A crowd that submits until it is closed; what the mesh refuses is tried again, as a client would.
 */
final class SteadyLoad implements AutoCloseable {

  private static final long AGAIN_MILLIS = 50;

  private final Submission submission;
  private final Callers callers;
  private final ScheduledExecutorService pauses = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean closed;

  private SteadyLoad(TaskServiceStub stub, Callers callers) {
    this.submission =
        new Submission(stub, TaskClient.request(TaskClient.noop()), callers.perCall());
    this.callers = callers;
  }

  static SteadyLoad begin(TaskServiceStub stub, Callers callers) {
    SteadyLoad load = new SteadyLoad(stub, callers);
    for (int i = 0; i < callers.count(); i++) {
      load.next();
    }
    return load;
  }

  /** How many calls have failed. */
  long refused() {
    return refused.get();
  }

  private void next() {
    if (!closed) {
      submission.send(callers.perCall(), _ -> next(), _ -> again());
    }
  }

  private void again() {
    refused.incrementAndGet();
    if (!closed) {
      var _ = pauses.schedule(this::next, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    closed = true;
    pauses.shutdownNow();
  }
}
