package dev.weft.gateway.testing;

import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Submits batches at several gateways, whatever they answer, and remembers when what was taken. */
public final class SubmitLoad implements AutoCloseable {

  private static final int BATCH = 20;
  private static final Duration PACE = Duration.ofMillis(20);

  /**
   * One batch.
   *
   * @param accepted of its tasks
   * @param reasons of those that were not
   */
  public record Shot(long sent, long received, int accepted, List<String> reasons) {
    public Duration took() {
      return Duration.ofNanos(received - sent);
    }
  }

  private final List<ManagedChannel> channels;
  private final Metadata headers = new Metadata();
  private final List<Shot> shots = Collections.synchronizedList(new ArrayList<>());

  public SubmitLoad(String bearer, List<Integer> grpcPorts) {
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
    channels =
        grpcPorts.stream()
            .map(port -> NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext())
            .map(NettyChannelBuilder::build)
            .toList();
  }

  /** Many times what is allowed, for so long; returns when all is answered. */
  public List<Shot> run(Duration time) throws InterruptedException, ExecutionException {
    int before = shots.size();
    List<CompletableFuture<Void>> all = Collections.synchronizedList(new ArrayList<>());
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      clock.scheduleAtFixedRate(
          () -> channels.forEach(channel -> all.add(fire(channel))),
          0,
          PACE.toMillis(),
          TimeUnit.MILLISECONDS);
      clock.schedule(() -> {}, time.toMillis(), TimeUnit.MILLISECONDS).get();
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
    return List.copyOf(shots.subList(before, shots.size()));
  }

  /** All batches so far. */
  public List<Shot> shots() {
    return List.copyOf(shots);
  }

  /** The most tasks that were surely accepted within some time, beyond its part of the rate. */
  public double mostAbove(long perSecond) {
    List<Shot> ended = shots().stream().sorted(Comparator.comparingLong(Shot::received)).toList();
    double most = 0;
    for (Shot first : ended) {
      long count = 0;
      for (Shot last : ended) {
        if (last.sent() - first.sent() >= 0) {
          count += last.accepted();
          most = Math.max(most, count - perSecond * (last.received() - first.sent()) / 1e9);
        }
      }
    }
    return most;
  }

  private CompletableFuture<Void> fire(ManagedChannel channel) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    BatchSubmitTasksRequest.Builder request = BatchSubmitTasksRequest.newBuilder();
    for (int i = 0; i < BATCH; i++) {
      request.addRequests(
          SubmitTaskRequest.newBuilder()
              .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance())));
    }
    long sent = System.nanoTime();
    TaskServiceGrpc.newStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .batchSubmitTasks(
            request.build(),
            new StreamObserver<>() {
              @Override
              public void onNext(BatchSubmitTasksResponse answer) {
                shots.add(shot(sent, answer));
              }

              @Override
              public void onError(Throwable failure) {
                end.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                end.complete(null);
              }
            });
    return end;
  }

  private static Shot shot(long sent, BatchSubmitTasksResponse answer) {
    List<String> reasons =
        answer.getResultsList().stream()
            .filter(result -> result.hasProblem())
            .map(result -> result.getProblem().getReason())
            .toList();
    return new Shot(sent, System.nanoTime(), BATCH - reasons.size(), reasons);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
