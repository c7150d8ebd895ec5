package dev.weft.gateway.session;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeFrames;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A placer in this process, on the caller's thread: every answer is there when the call returns.
 */
final class CellInProcess implements Holder, AutoCloseable {

  static final BufferShares SHARES = new BufferShares(64 << 20);

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

  /** What a home works with that does nothing later, and counts for nobody. */
  HomeTools tools(Ticker ticker) {
    return tools(ticker, (_, _) -> {}, new SessionMeter(new SimpleMeterRegistry()));
  }

  HomeTools tools(Ticker ticker, Later later, SessionMeter meter) {
    Watches watches =
        new Watches(
            this,
            this,
            (_, _) -> {},
            ticker,
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)),
            new Random(1));
    return new HomeTools(
        new AgentCell(this),
        new FrameLog(store, later, SHARES),
        watches,
        later,
        ticker,
        InstantSource.system(),
        new Random(1),
        meter);
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
