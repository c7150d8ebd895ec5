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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Submits tasks at a fixed rate and follows each to its end. Every latency counts from the moment
 * at which the task was due, not from when it was sent, so a stall of the mesh shows in every task
 * that it delayed.
 *
 * <p>Arguments: token file, host:port, tasks per second, seconds, {@code noop} or {@code shell}.
 * The first fifth warms up and isn't counted.
 */
public final class FixedRate {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final ConcurrentHistogram accepted = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final ConcurrentHistogram ended = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final AtomicLong failures = new AtomicLong();
  private final TaskServiceGrpc.TaskServiceStub stub;
  private final SubmitTaskRequest request;
  private final int rate;
  private final int total;
  private final CountDownLatch open;

  private FixedRate(
      TaskServiceGrpc.TaskServiceStub stub, SubmitTaskRequest request, int rate, Duration length) {
    this.stub = stub;
    this.request = request;
    this.rate = rate;
    this.total = Math.toIntExact(rate * length.toSeconds());
    this.open = new CountDownLatch(total);
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5) {
      System.err.println(
          "arguments: "
              + arguments.length
              + " (expected: TOKEN_FILE HOST:PORT RATE SECONDS noop|shell)");
      System.exit(2);
    }
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + Files.readString(Path.of(arguments[0])).strip());
    ManagedChannel channel = ManagedChannelBuilder.forTarget(arguments[1]).usePlaintext().build();
    FixedRate run =
        new FixedRate(
            TaskServiceGrpc.newStub(
                ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(metadata))),
            SubmitTaskRequest.newBuilder().setSpec(spec(arguments[4])).build(),
            Integer.parseInt(arguments[2]),
            Duration.ofSeconds(Long.parseLong(arguments[3])));
    run.run();
    channel.shutdownNow();
  }

  private static TaskSpec spec(String kind) {
    return switch (kind) {
      case "noop" -> TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build();
      case "shell" ->
          TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true")).build();
      default -> throw new IllegalArgumentException("kind: " + kind + " (expected: noop or shell)");
    };
  }

  private void run() throws InterruptedException {
    long begin = System.nanoTime();
    for (int n = 0; n < total; n++) {
      long due = begin + n * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      submit(due, n >= total / 5);
    }
    boolean all = open.await(1, TimeUnit.MINUTES);
    System.out.printf(
        Locale.ROOT,
        "%d tasks at %d/s, %d failed, %d unfinished, durability: WAL flushed before OK%n%s%n%s%n",
        total,
        rate,
        failures.get(),
        all ? 0 : open.getCount(),
        line("submit to OK", accepted),
        line("submit to result", ended));
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

  private static String line(String what, ConcurrentHistogram histogram) {
    return String.format(
        Locale.ROOT,
        "%-17s p50 %.2f ms  p90 %.2f ms  p99 %.2f ms  p99.9 %.2f ms  max %.2f ms",
        what,
        histogram.getValueAtPercentile(50) / 1000.0,
        histogram.getValueAtPercentile(90) / 1000.0,
        histogram.getValueAtPercentile(99) / 1000.0,
        histogram.getValueAtPercentile(99.9) / 1000.0,
        histogram.getMaxValue() / 1000.0);
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
