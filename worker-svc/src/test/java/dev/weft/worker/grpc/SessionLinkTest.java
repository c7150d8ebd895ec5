package dev.weft.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import dev.weft.worker.app.agent.TestBody;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One stream, whose callbacks run when the test lets them. */
class SessionLinkTest {

  private final FakeSessions home = new FakeSessions();
  private final TestBody body = new TestBody();
  private final SettableTicker ticker = new SettableTicker();
  private final BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
  private final AtomicBoolean welcomed = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();

  @SuppressWarnings("NullAway.Init") // made before each test
  private Server server;

  @SuppressWarnings("NullAway.Init")
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    String name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name).addService(home).build().start();
    channel = InProcessChannelBuilder.forName(name).executor(held::add).build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private void runHeld() {
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }

  @Test
  void aStreamThatIsGivenUpTakesNothingMoreAndEndsOnce() {
    SessionLink link =
        SessionLink.open(
            SessionServiceGrpc.newStub(channel),
            new SessionLink.Side(
                body, 1, ticker, () -> welcomed.set(true), cause -> over.set(true)));
    await()
        .until(
            () -> {
              runHeld();
              return welcomed.get();
            });
    ticker.advance(Duration.ofSeconds(4));

    link.beat();
    body.write("a");
    link.pump();
    link.beat();
    link.finish();

    assertThat(over).isFalse();
    await()
        .until(
            () -> {
              runHeld();
              return over.get();
            });
    assertThat(home.frames).isEmpty();
    assertThat(home.finished).isFalse();
  }
}
