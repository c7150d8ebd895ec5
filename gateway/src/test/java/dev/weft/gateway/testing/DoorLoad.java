package dev.weft.gateway.testing;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
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
import java.util.function.Function;

/** Asks several gateways for more than is allowed, and remembers when what was taken. */
public abstract class DoorLoad implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(20);

  /**
   * One call.
   *
   * @param accepted of what it asked for
   * @param reasons of what was not
   */
  public record Shot(long sent, long received, int accepted, List<String> reasons) {
    public Duration took() {
      return Duration.ofNanos(received - sent);
    }
  }

  private final List<ManagedChannel> channels;
  private final Metadata headers = new Metadata();
  private final List<Shot> shots = Collections.synchronizedList(new ArrayList<>());

  DoorLoad(String bearer, List<Integer> grpcPorts) {
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
    channels =
        grpcPorts.stream()
            .map(port -> NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext())
            .map(NettyChannelBuilder::build)
            .toList();
  }

  /** Sends one call; the recorder is told of its answer, or that there was none. */
  abstract void fire(Channel channel, StreamObserver<Shot> recorder);

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

  /** All calls so far. */
  public List<Shot> shots() {
    return List.copyOf(shots);
  }

  /** The most that was surely accepted within some time, beyond its part of the rate. */
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
    fire(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        new StreamObserver<>() {
          @Override
          public void onNext(Shot shot) {
            shots.add(shot);
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

  /** Makes a shot of an answer. */
  static <T> StreamObserver<T> recorded(StreamObserver<Shot> recorder, Function<T, Shot> shot) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        recorder.onNext(shot.apply(answer));
      }

      @Override
      public void onError(Throwable failure) {
        recorder.onError(failure);
      }

      @Override
      public void onCompleted() {
        recorder.onCompleted();
      }
    };
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
