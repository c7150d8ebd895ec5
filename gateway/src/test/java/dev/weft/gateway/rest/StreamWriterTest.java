package dev.weft.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.FakeFailureLimiter;
import dev.weft.gateway.app.FakeTokenStore;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.TokenCache;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a client's bytes are its no more, over a real connection. */
@Timeout(60)
class StreamWriterTest {

  /** More than the sockets of both sides take. */
  private static final int MORE_THAN_FITS = 32 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final SettableTicker ticker = new SettableTicker();
  private final CompletableFuture<StreamSink<Piece>> opened = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    router.get("/").handler(this::answer);
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void anItemHasLeftWhenTheClientsSocketHasIt() throws Exception {
    try (Socket client = connect()) {
      Piece first = new Piece("first");
      Piece second = new Piece("second");
      StreamSink<Piece> sink = opened.get(10, TimeUnit.SECONDS);

      sink.next(first);
      sink.next(second);
      sink.done();

      first.left.get(10, TimeUnit.SECONDS);
      second.left.get(10, TimeUnit.SECONDS);
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
          .contains("fi", "rst", "sec", "ond");
    }
  }

  @Test
  void whatTheClientDoesNotReadLeavesWithTheClient() throws Exception {
    Piece large = new Piece("x".repeat(MORE_THAN_FITS));
    Piece waiting = new Piece("waiting");
    try (Socket client = connect()) {
      StreamSink<Piece> sink = opened.get(10, TimeUnit.SECONDS);
      sink.next(large);
      sink.next(waiting);

      assertThat(client.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);
      assertThat(large.left).isNotDone();
      assertThat(waiting.left).isNotDone();
    }

    large.left.get(10, TimeUnit.SECONDS);
    waiting.left.get(10, TimeUnit.SECONDS);
    cancelled.get(10, TimeUnit.SECONDS);
  }

  @Test
  void whatComesForAClientThatHasGoneHasLeft() throws Exception {
    try (Socket client = connect()) {
      opened.get(10, TimeUnit.SECONDS);
      assertThat(client.isConnected()).isTrue();
    }
    cancelled.get(10, TimeUnit.SECONDS);
    Piece late = new Piece("late");

    opened.get(10, TimeUnit.SECONDS).next(late);

    late.left.get(10, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    Socket client = new Socket("127.0.0.1", port);
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
    return client;
  }

  private void answer(RoutingContext context) {
    Call call =
        new Call(
            new Caller(
                "acme", "ci", UUID.randomUUID(), EnumSet.allOf(Scope.class), Optional.empty()),
            SecretHash.of("secret"),
            "",
            Duration.ofSeconds(10),
            "127.0.0.1");
    new StreamWriter<>(context, vertx.getOrCreateContext(), new Pieces(), () -> 1 << 20)
        .run(
            reader -> guard().admit(call, Scope.ARTIFACTS_READ, reader),
            sink -> {
              opened.complete(sink);
              return new OpenStream() {
                @Override
                public void request() {}

                @Override
                public void cancel() {
                  cancelled.complete(null);
                }
              };
            });
  }

  private WatchGuard guard() {
    return new WatchGuard(
        new Authenticator(
            new FakeTokenStore(),
            new FakeFailureLimiter(3),
            new TokenCache(ticker, Duration.ofSeconds(4), 100),
            new SettableClock(),
            ticker),
        (_, _) -> {},
        ticker,
        Duration.ofSeconds(15),
        8,
        GatewayReason.TOO_MANY_TRANSFERS);
  }

  private record Piece(String text, CompletableFuture<@Nullable Void> left) {

    Piece(String text) {
      this(text, new CompletableFuture<>());
    }
  }

  /** Each in two halves. */
  private record Pieces() implements StreamWriter.Format<Piece> {

    @Override
    public Optional<Buffer> begin(HttpServerResponse response) {
      response.setChunked(true);
      return Optional.empty();
    }

    @Override
    public Iterator<Buffer> pieces(Piece item, int mostBytes) {
      byte[] all = item.text().getBytes(UTF_8);
      return List.of(
              Buffer.buffer(Arrays.copyOf(all, all.length / 2)),
              Buffer.buffer(Arrays.copyOfRange(all, all.length / 2, all.length)))
          .iterator();
    }

    @Override
    public void left(Piece item) {
      assertThat(item.left.complete(null)).as("once").isTrue();
    }
  }
}
