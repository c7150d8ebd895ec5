package dev.weft.bench;

import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceStub;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Submits tasks at a fixed rate and follows each to its end. Every latency counts from the moment
 * at which the task was due, not from when it was sent, so a stall of the mesh shows in every task
 * that it delayed. The first fifth warms up and isn't counted.
 */
final class OpenLoop {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final ConcurrentHistogram accepted = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final ConcurrentHistogram ended = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final AtomicLong failures = new AtomicLong();
  private final TaskServiceStub stub;
  private final SubmitTaskRequest request;
  private final int rate;
  private final int total;
  private final CountDownLatch open;

  OpenLoop(TaskServiceStub stub, SubmitTaskRequest request, int rate, int seconds) {
    this.stub = stub;
    this.request = request;
    this.rate = rate;
    this.total = Math.multiplyExact(rate, seconds);
    this.open = new CountDownLatch(total);
  }

  /**
   * What was seen, latencies in µs.
   *
   * @param counted how many tasks
   * @param failed how many of all did not end well within a minute
   */
  record Seen(int counted, long failed, ConcurrentHistogram accepted, ConcurrentHistogram ended) {}

  Seen run() throws InterruptedException {
    long begin = System.nanoTime();
    for (int n = 0; n < total; n++) {
      long due = begin + n * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      submit(due, n >= total / 5);
    }
    // Who has not ended by then is counted.
    var _ = open.await(1, TimeUnit.MINUTES);
    return new Seen(total - total / 5, failures.get() + open.getCount(), accepted, ended);
  }

  private void submit(long due, boolean counted) {
    stub.submitTask(
        request,
        new Reply<SubmitTaskResponse>() {
          @Override
          public void onNext(SubmitTaskResponse response) {
            record(accepted, due, counted);
            follow(response.getTask().getId(), due, counted);
          }
        });
  }

  private void follow(String taskId, long due, boolean counted) {
    stub.watchTask(
        WatchTaskRequest.newBuilder().setTaskId(taskId).build(),
        new Reply<WatchTaskResponse>() {
          @Override
          public void onNext(WatchTaskResponse step) {}

          @Override
          public void onCompleted() {
            record(ended, due, counted);
            open.countDown();
          }
        });
  }

  private static void record(ConcurrentHistogram histogram, long due, boolean counted) {
    if (counted) {
      histogram.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
    }
  }

  private abstract class Reply<T> implements StreamObserver<T> {

    @Override
    public void onError(Throwable error) {
      failures.incrementAndGet();
      open.countDown();
    }

    @Override
    public void onCompleted() {}
  }
}
