package dev.weft.gateway.session;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeFrames;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A placer in this process, on the caller's thread: every answer is there when the call returns.
 */
final class CellInProcess implements Holder, AutoCloseable {

  final FakeAgents agents = new FakeAgents();
  final FakeFrames frames;

  /** The artifact service, whose calls never wait. */
  final Holder store = new Store();

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Server server;
  private final ManagedChannel channel;
  private boolean slow;

  CellInProcess() {
    this(new FakeFrames());
  }

  CellInProcess(FakeFrames frames) {
    this.frames = frames;
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(agents)
            .addService(frames)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  /** From now on calls wait. */
  void stall() {
    slow = true;
  }

  /** Makes the calls that wait. */
  void goOn() {
    slow = false;
    while (!waiting.isEmpty()) {
      waiting.removeFirst().run();
    }
  }

  private final class Store implements Holder {

    @Override
    public <T> CompletionStage<T> call(Function<Channel, ListenableFuture<T>> rpc, Duration most) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      ListenableFuture<T> made = rpc.apply(channel);
      made.addListener(() -> pass(made, answer), Runnable::run);
      return answer;
    }

    @Override
    public <T> CompletionStage<T> callOnce(
        Function<Channel, ListenableFuture<T>> rpc, Duration most) {
      return call(rpc, most);
    }

    @Override
    public Channel channel() {
      return channel;
    }

    @Override
    public void broken(Channel which, Throwable failure) {}

    @Override
    public String lastSeen() {
      return "";
    }
  }

  @Override
  public <T> CompletionStage<T> call(Function<Channel, ListenableFuture<T>> rpc, Duration most) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable call =
        () -> {
          ListenableFuture<T> made = rpc.apply(channel);
          made.addListener(() -> pass(made, answer), Runnable::run);
        };
    if (slow) {
      waiting.addLast(call);
    } else {
      call.run();
    }
    return answer;
  }

  private static <T> void pass(ListenableFuture<T> from, CompletableFuture<T> to) {
    try {
      to.complete(from.get());
    } catch (ExecutionException e) {
      to.completeExceptionally(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      to.completeExceptionally(e);
    }
  }

  @Override
  public <T> CompletionStage<T> callOnce(
      Function<Channel, ListenableFuture<T>> rpc, Duration most) {
    return call(rpc, most);
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void broken(Channel which, Throwable failure) {}

  @Override
  public String lastSeen() {
    return "";
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
