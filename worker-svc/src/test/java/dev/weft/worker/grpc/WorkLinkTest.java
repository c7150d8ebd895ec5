package dev.weft.worker.grpc;

import static dev.weft.worker.grpc.FakePlacer.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.worker.app.Attempts;
import dev.weft.worker.app.NoopExecutor;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkDesk;
import dev.weft.worker.profile.SampleProfiles;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A work stream whose loop moves only when the test lets it; all on the test's thread. */
class WorkLinkTest {

  private static final int FRAMES = 100;

  private final FakePlacer placer = new FakePlacer();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final AtomicInteger delivered = new AtomicInteger();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SettableTicker ticker = new SettableTicker();
  private final WorkDesk desk =
      new WorkDesk(
          ticker,
          new Attempts(
              List.of(new NoopExecutor()),
              SampleProfiles.sandbox().capacity(),
              new Attempts.Wiring(loop::add, ticker, new Tally(0))));
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name).directExecutor().addService(placer).build().start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    StreamKeeper keeper =
        new StreamKeeper(
            "work",
            new StreamKeeper.Means(
                () -> new StreamKeeper.Addresses(List.of(), false),
                _ -> channel,
                timer,
                RandomGenerator.getDefault(),
                () -> {}),
            (_, _) -> {});
    Channel counted = ClientInterceptors.intercept(channel, new Counting());
    WorkLink.open(counted, keeper, new WorkLink.Side("wkr_me", 1, desk, loop::add));
    runLoop();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void noMoreThanAWindowOfFramesWaitsForALoopThatStands() {
    assertThat(placer.connected()).isTrue();
    int before = delivered.get();

    sendFrames();

    assertThat(delivered.get() - before).isBetween(1, WorkLink.WINDOW);
  }

  @Test
  void everyFrameComesOnceTheLoopGoesOn() {
    int before = delivered.get();
    sendFrames();

    runLoop();

    assertThat(delivered.get() - before).isGreaterThanOrEqualTo(FRAMES);
    assertThat(placer.resultCount()).isEqualTo(FRAMES);
  }

  private void sendFrames() {
    for (int i = 1; i <= FRAMES; i++) {
      placer.send(FakePlacer.noop(key("tsk_" + i, i)));
    }
  }

  /** As the worker's own loop does: steps in their order, then what waits is sent. */
  private void runLoop() {
    while (!loop.isEmpty()) {
      loop.remove().run();
      desk.flush();
    }
  }

  /** Counts the messages that the stream gives out. */
  private final class Counting implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onMessage(A message) {
                  delivered.incrementAndGet();
                  super.onMessage(message);
                }
              },
              headers);
        }
      };
    }
  }
}
