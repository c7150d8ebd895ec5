package dev.weft.bench;

import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
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
final class FixedRate implements Benchmark {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final ConcurrentHistogram accepted = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final ConcurrentHistogram ended = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final AtomicLong failures = new AtomicLong();
  private final String kind;
  private final SubmitTaskRequest request;
  private final int rate;
  private final int total;
  private final CountDownLatch open;

  /**
   * @param kind noop or shell
   */
  FixedRate(String kind, int rate, int seconds) {
    this.kind = kind;
    this.request = SubmitTaskRequest.newBuilder().setSpec(spec(kind)).build();
    this.rate = rate;
    this.total = Math.multiplyExact(rate, seconds);
    this.open = new CountDownLatch(total);
  }

  @Override
  public String name() {
    return "fixed-rate-" + kind;
  }

  @Override
  public void run(Mesh mesh, Report report) throws InterruptedException {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + mesh.token());
    ManagedChannel channel = ManagedChannelBuilder.forTarget(mesh.grpc()).usePlaintext().build();
    try {
      load(
          TaskServiceGrpc.newStub(
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(metadata))));
    } finally {
      channel.shutdownNow();
    }
    String remark = "%d tasks at %d/s".formatted(total - total / 5, rate);
    report.add("not ended well", (double) (failures.get() + open.getCount()), "tasks", remark);
    tell("submit to OK", accepted, report);
    tell("submit to result", ended, report);
  }

  private static TaskSpec spec(String kind) {
    return switch (kind) {
      case "noop" -> TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build();
      case "shell" ->
          TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true")).build();
      default -> throw new IllegalArgumentException("kind: " + kind + " (expected: noop or shell)");
    };
  }

  private void load(TaskServiceGrpc.TaskServiceStub stub) throws InterruptedException {
    long begin = System.nanoTime();
    for (int n = 0; n < total; n++) {
      long due = begin + n * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      submit(stub, due, n >= total / 5);
    }
    // Who has not ended by then is counted.
    var _ = open.await(1, TimeUnit.MINUTES);
  }

  private void submit(TaskServiceGrpc.TaskServiceStub stub, long due, boolean counted) {
    stub.submitTask(
        request,
        new Reply<SubmitTaskResponse>() {
          @Override
          public void onNext(SubmitTaskResponse response) {
            record(accepted, due, counted);
            follow(stub, response.getTask().getId(), due, counted);
          }
        });
  }

  private void follow(
      TaskServiceGrpc.TaskServiceStub stub, String taskId, long due, boolean counted) {
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

  private static void tell(String what, ConcurrentHistogram histogram, Report report) {
    String remark =
        String.format(
            Locale.ROOT,
            "p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f",
            millis(histogram, 90),
            millis(histogram, 99),
            millis(histogram, 99.9),
            millis(histogram, 100));
    report.add(what + ", p50", millis(histogram, 50), "ms", remark);
  }

  private static double millis(ConcurrentHistogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1000.0;
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
