package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a session. At most a window of messages is asked for ahead of its reader, so a
 * slow reader holds no more than that.
 */
final class SessionSocket implements AutoCloseable {
  private static final String SUBPROTOCOL = "weft.session.v1";
  private static final int WINDOW = 16;

  /** Frames of the server are smaller; what is longer is not from a gateway of ours. */
  private static final int LONGEST = 1 << 20;

  private static final int PROTOCOL_ERROR = 1002;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  /** What comes out of the connection. */
  sealed interface Event {}

  /** One JSON object. */
  record Text(JsonNode json) implements Event {}

  /** A piece of the terminal. */
  record Terminal(ByteString frame) implements Event {}

  /** Nothing but a sign of life. */
  record Alive() implements Event {}

  /** Whoever looks at it leaves. */
  record Left() implements Event {}

  /** The server ended it. */
  record Closed(int code, String reason) implements Event {}

  /** It broke. */
  record Broken(Throwable cause) implements Event {}

  private SessionSocket(MeshApi api, String path) throws IOException {
    URI rest = api.address(path);
    URI uri = URI.create(rest.toString().replaceFirst("^http", "ws"));
    CompletableFuture<WebSocket> opening =
        api.socket()
            .connectTimeout(PATIENCE)
            .subprotocols(SUBPROTOCOL)
            .buildAsync(uri, new Inbound());
    socket = await(opening);
  }

  /**
   * Opens one at the gateway whose turn it is.
   *
   * @throws ApiException if the gateway refuses
   */
  static SessionSocket open(MeshApi api, String path) throws IOException {
    return new SessionSocket(api, path);
  }

  /** The next event; null if nothing came for so long. */
  @Nullable Event next(Duration patience) {
    try {
      Event event = inbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (event != null) {
        socket.request(1);
      }
      return event;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Whoever waits for the next event goes. */
  void leave() {
    inbox.add(new Left());
  }

  synchronized void send(String text) throws IOException {
    await(socket.sendText(text, true));
  }

  synchronized void send(byte[] bytes, int length) throws IOException {
    await(socket.sendBinary(ByteBuffer.wrap(bytes, 0, length), true));
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      try {
        socket
            .sendClose(WebSocket.NORMAL_CLOSURE, "")
            .get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException | IllegalStateException e) {
        // It is gone already, or a message is on its way: the connection ends all the same.
      }
    }
    socket.abort();
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        HttpResponse<?> response = refused.getResponse();
        String body = response.body() instanceof String text ? text : "";
        throw MeshApi.refusal(response, body);
      }
      throw new IOException(reason(e.getCause()), e);
    }
  }

  static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "unknown";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static UnreachableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UnreachableException("interrupted while in a session", e);
  }

  /** The server's side. */
  private final class Inbound implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onOpen(WebSocket opened) {
      opened.request(WINDOW);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        inbox.add(new Text(MeshApi.tree(text.toString())));
        text.setLength(0);
      } else {
        more(from, text.length());
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      bytes.writeBytes(part);
      if (last) {
        inbox.add(new Terminal(ByteString.copyFrom(bytes.toByteArray())));
        bytes.reset();
      } else {
        more(from, bytes.size());
      }
      return null;
    }

    private void more(WebSocket from, int length) {
      if (length > LONGEST) {
        inbox.add(new Closed(PROTOCOL_ERROR, "a message of more than " + LONGEST + " bytes"));
        from.abort();
      } else {
        from.request(1);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
      inbox.add(new Alive());
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      inbox.add(new Alive());
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      inbox.add(new Closed(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      inbox.add(new Broken(error));
    }
  }
}
