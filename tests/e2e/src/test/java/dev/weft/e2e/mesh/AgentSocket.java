package dev.weft.e2e.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** One connection of docs/session-protocol.md, by a WebSocket client that is not ours. */
public final class AgentSocket implements AutoCloseable, WebSocket.Listener {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Frame> frames = new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private volatile int closeCode;
  private WebSocket socket;

  /**
   * What came.
   *
   * @param cursor empty for what has no place in the session
   * @param json of a text frame; missing for the terminal's
   */
  public record Frame(String cursor, JsonNode json, ByteString terminal) {
    public String type() {
      return json.path("type").asText("terminal");
    }

    /** Of which command; empty for others. */
    public String command() {
      return json.path("commandId").asText("");
    }

    /** What a command wrote. */
    public byte[] output() {
      JsonNode base64 = json.path("base64");
      return base64.isTextual()
          ? Base64.getDecoder().decode(base64.asText())
          : json.path("text").asText("").getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The gateway did not upgrade. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String body;

    Refused(int status, String body) {
      super(status + " " + body);
      this.status = status;
      this.body = body;
    }

    public int status() {
      return status;
    }

    /** Reason of docs/errors.md. */
    public String reason() {
      return parse(body).path("reason").asText("");
    }
  }

  private AgentSocket() {}

  /**
   * Connects.
   *
   * @throws Refused if the gateway answers with a problem
   */
  public static AgentSocket open(URI uri, Map<String, String> headers) {
    AgentSocket opened = new AgentSocket();
    WebSocket.Builder builder =
        HTTP.newWebSocketBuilder()
            .connectTimeout(Duration.ofSeconds(15))
            .subprotocols("weft.session.v1");
    headers.forEach(builder::header);
    try {
      opened.socket = builder.buildAsync(uri, opened).join();
      return opened;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        Object body = refused.getResponse().body();
        throw new Refused(refused.getResponse().statusCode(), body instanceof String s ? s : "");
      }
      throw e;
    }
  }

  /** All that came so far. */
  public List<Frame> frames() {
    return List.copyOf(frames);
  }

  /** Those that have a place in the session. */
  public List<Frame> numbered() {
    return frames.stream().filter(frame -> !frame.cursor().isEmpty()).toList();
  }

  /** Of the last frame that has one; empty if there is none. */
  public String cursor() {
    List<Frame> all = numbered();
    return all.isEmpty() ? "" : all.getLast().cursor();
  }

  /** The first frame of this kind, sooner or later. */
  public Frame await(String what, Predicate<Frame> condition) {
    return Awaitility.await(what)
        .atMost(PATIENCE)
        .failFast(
            () -> {
              if (closeCode != 0 && frames.stream().noneMatch(condition)) {
                throw new AssertionError(
                    "closed with " + closeCode + " before: " + what + "; came: " + told());
              }
            })
        .until(() -> frames.stream().filter(condition).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /** A status in which the agent is so. */
  public Frame awaitState(String state) {
    return await(
        "status " + state,
        frame ->
            frame.type().equals("status") && state.equals(frame.json().path("state").asText()));
  }

  /** The end of a command. */
  public Frame awaitEnd(String command) {
    return await(
        "end of " + command,
        frame -> frame.type().equals("ended") && frame.command().equals(command));
  }

  /** What a command wrote, as far as it came. */
  public String output(String command, String stream) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.stream()
        .filter(frame -> frame.type().equals("output") && frame.command().equals(command))
        .filter(frame -> frame.json().path("stream").asText().equals(stream))
        .forEach(frame -> all.writeBytes(frame.output()));
    return all.toString(StandardCharsets.UTF_8);
  }

  /** What the terminal showed, as far as it came. */
  public String terminal() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(frame -> all.writeBytes(frame.terminal().toByteArray()));
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Runs a script. */
  public void command(String id, String script) {
    ObjectNode command = AgentDoor.JSON.createObjectNode().put("type", "command");
    ArrayNode argv = command.put("commandId", id).putArray("argv");
    argv.add("sh").add("-c").add(script);
    say(command.toString());
  }

  public void say(String json) {
    socket.sendText(json, true).join();
  }

  public void type(String keys) {
    socket.sendBinary(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /** Without a word, as when a cable is pulled. */
  public AgentSocket cut() {
    socket.abort();
    return this;
  }

  /** With what the server closed it, sooner or later; 1006 if it just went. */
  public int awaitClose() {
    Awaitility.await("close").atMost(PATIENCE).until(() -> closeCode != 0);
    return closeCode;
  }

  public boolean isOpen() {
    return closeCode == 0;
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      JsonNode json = parse(text.toString());
      text.setLength(0);
      frames.add(new Frame(json.path("cursor").asText(""), json, ByteString.EMPTY));
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    binary.writeBytes(part);
    if (last) {
      ByteBuffer frame = ByteBuffer.wrap(binary.toByteArray());
      binary.reset();
      String cursor = frame.getInt() + "." + frame.getLong();
      frames.add(new Frame(cursor, MissingNode.getInstance(), ByteString.copyFrom(frame)));
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode = code;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closeCode = 1006;
  }

  private String told() {
    return frames.stream().map(frame -> frame.type() + " " + frame.cursor()).toList().toString();
  }

  private static JsonNode parse(String json) {
    try {
      return AgentDoor.JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
