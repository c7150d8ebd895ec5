package dev.weft.gateway.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The JDK's own WebSocket as a client of a session. */
public final class SessionClient implements WebSocket.Listener, AutoCloseable {

  /** What came, in order: text frames as they are, the terminal's as type `terminal`. */
  public final List<JsonObject> heard = new CopyOnWriteArrayList<>();

  private final boolean reads;
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private volatile int closeCode;
  private @Nullable WebSocket socket;

  private SessionClient(boolean reads) {
    this.reads = reads;
  }

  /** Why no socket was opened. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    public final int status;
    public final String body;

    Refused(WebSocketHandshakeException failure) {
      super("refused: " + failure.getResponse().statusCode(), failure);
      status = failure.getResponse().statusCode();
      body = String.valueOf(failure.getResponse().body());
    }
  }

  /** Opens a session with a bearer. */
  public static SessionClient open(int port, String agentId, String query, String bearer) {
    return open(
        "ws://127.0.0.1:" + port + "/v1/agents/" + agentId + "/session" + query,
        Map.of("Authorization", "Bearer " + bearer),
        true);
  }

  /**
   * Opens a session.
   *
   * @param reads whether it reads at all
   */
  public static SessionClient open(String url, Map<String, String> headers, boolean reads) {
    SessionClient client = new SessionClient(reads);
    WebSocket.Builder builder = client.http.newWebSocketBuilder().subprotocols("weft.session.v1");
    headers.forEach(builder::header);
    try {
      client.socket = builder.buildAsync(URI.create(url), client).join();
      return client;
    } catch (CompletionException e) {
      client.http.shutdownNow();
      if (e.getCause() instanceof WebSocketHandshakeException refusal) {
        throw new Refused(refusal);
      }
      throw e;
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    if (reads) {
      opened.request(1);
    }
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onText(
      WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      heard.add(new JsonObject(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onBinary(
      WebSocket from, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    binary.writeBytes(part);
    if (last) {
      ByteBuffer whole = ByteBuffer.wrap(binary.toByteArray());
      String cursor = whole.getInt() + "." + whole.getLong();
      String bytes = StandardCharsets.UTF_8.decode(whole).toString();
      heard.add(new JsonObject().put("type", "terminal").put("cursor", cursor).put("text", bytes));
      binary.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode = code;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    if (closeCode == 0) {
      closeCode = -1;
    }
  }

  public WebSocket socket() {
    return java.util.Objects.requireNonNull(socket);
  }

  public String subprotocol() {
    return socket().getSubprotocol();
  }

  public void send(JsonObject words) {
    socket().sendText(words.encode(), true).join();
  }

  public void say(String words) {
    socket().sendText(words, true).join();
  }

  public void type(String keys) {
    socket().sendBinary(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /** Begins to read on a socket that did not. */
  public void readNow() {
    socket().request(1);
  }

  public List<JsonObject> all(String type) {
    return heard.stream().filter(it -> type.equals(it.getString("type"))).toList();
  }

  /** Cursors of frames, in the order in which they came. */
  public List<String> cursors() {
    return heard.stream()
        .filter(it -> it.containsKey("cursor"))
        .map(it -> it.getString("cursor"))
        .toList();
  }

  public JsonObject awaitLast(String type, java.util.function.Predicate<JsonObject> fits) {
    await().atMost(Duration.ofSeconds(20)).until(() -> all(type).stream().anyMatch(fits));
    return all(type).stream().filter(fits).reduce((_, last) -> last).orElseThrow();
  }

  public int awaitClose() {
    return awaitClose(Duration.ofSeconds(20));
  }

  public int awaitClose(Duration most) {
    await().atMost(most).until(() -> closeCode != 0);
    return closeCode;
  }

  public boolean closed() {
    return closeCode != 0;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
