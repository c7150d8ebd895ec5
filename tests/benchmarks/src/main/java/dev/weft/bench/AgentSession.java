package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.bench.SessionWire.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's view of an agent. It keeps nothing of what comes but looks at all of it: a frame
 * that is missing ends it as a failure. Safe for threads.
 */
final class AgentSession implements AutoCloseable {

  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int CURSOR_BYTES = 12;

  /** Who hears what comes, on the session's own thread, with the session's lock held. */
  interface Ear {

    /** The terminal showed this. */
    default void terminal(byte[] frame, int from) {}

    /** A command wrote this. */
    default void output(String commandId, byte[] bytes) {}

    /** A command has ended. */
    default void ended(String commandId, int exitCode) {}

    /**
     * Frames are missing before the next one, because this session reads too slowly or they are
     * nowhere any more.
     *
     * @throws BenchFailure unless that may be
     */
    default void gap(String words) {
      throw new BenchFailure("a frame was lost: " + words);
    }

    /** The body went away; what it was given never runs again. */
    default void interrupted() {}
  }

  private final SessionWire wire;
  private final Ear ear;
  private final FrameOrder order = new FrameOrder();
  private String state = "";
  private String worker = "";
  private boolean connected;
  private boolean closed;
  private @Nullable Throwable failure;

  private AgentSession(SessionWire wire, Ear ear) {
    this.wire = wire;
    this.ear = ear;
  }

  /** With the mesh's token, from the oldest frame that is kept. */
  static AgentSession attach(Mesh mesh, String agentId, String query, Ear ear) throws IOException {
    return open(mesh.rest(path(agentId) + query), mesh.token(), ear);
  }

  /** With a ticket. */
  static AgentSession enter(Mesh mesh, String agentId, String ticket, Ear ear) throws IOException {
    return open(mesh.rest(path(agentId) + "?ticket=" + ticket), "", ear);
  }

  private static String path(String agentId) {
    return "/v1/agents/" + agentId + "/session";
  }

  private static AgentSession open(URI uri, String token, Ear ear) throws IOException {
    AgentSession session = new AgentSession(SessionWire.open(uri, token), ear);
    Thread.ofVirtual().name("agent-session").start(session::read);
    return session;
  }

  /** Runs a script as a command. */
  void command(String id, String script) throws IOException {
    ObjectNode words = Mesh.JSON.createObjectNode().put("type", "command").put("commandId", id);
    words.putArray("argv").add("sh").add("-c").add(script);
    wire.send(SessionWire.TEXT, Mesh.JSON.writeValueAsBytes(words));
  }

  void type(byte[] keys) throws IOException {
    wire.send(SessionWire.BINARY, keys);
  }

  /** Opens the terminal. */
  void resize() throws IOException {
    byte[] words =
        "{\"type\":\"resize\",\"columns\":120,\"rows\":40}".getBytes(StandardCharsets.US_ASCII);
    wire.send(SessionWire.TEXT, words);
  }

  /** Where its body is; empty while it has none. */
  synchronized String worker() {
    return worker;
  }

  /** Of the last frame that came; empty before the first. */
  synchronized String cursor() {
    return order.cursor();
  }

  /** Waits until the agent runs and its body is at its home. */
  void awaitRunning() throws InterruptedException {
    await("the agent runs", () -> state.equals("RUNNING") && connected);
  }

  void awaitState(String wanted) throws InterruptedException {
    await("the agent is " + wanted, () -> state.equals(wanted));
  }

  /**
   * Waits for something that an ear notes.
   *
   * @throws BenchFailure if the session breaks before, or if it takes too long
   */
  synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + GIVE_UP_NANOS;
    while (!condition.getAsBoolean()) {
      check();
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new BenchFailure(
            what + ": not after " + TimeUnit.NANOSECONDS.toSeconds(GIVE_UP_NANOS) + " s");
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Changes what an ear works with, while it hears nothing. */
  synchronized void between(Runnable change) {
    change.run();
  }

  /** Fails if the session is broken. */
  synchronized void check() {
    if (failure != null) {
      throw new BenchFailure("session: " + failure);
    }
  }

  private void read() {
    try {
      while (true) {
        Message message = wire.read();
        JsonNode words = message.text() ? Mesh.JSON.readTree(message.bytes()) : null;
        synchronized (this) {
          if (words == null) {
            terminal(message.bytes());
          } else {
            text(words);
          }
          notifyAll();
        }
      }
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        failure = closed ? null : e;
        notifyAll();
      }
    }
  }

  private void terminal(byte[] frame) {
    ByteBuffer head = ByteBuffer.wrap(frame);
    order.take(head.getInt(), head.getLong());
    ear.terminal(frame, CURSOR_BYTES);
  }

  private void text(JsonNode words) {
    String cursor = words.path("cursor").asText("");
    if (!cursor.isEmpty()) {
      order.take(cursor);
    }
    String command = words.path("commandId").asText("");
    switch (words.path("type").asText()) {
      case "status" -> {
        state = words.path("state").asText();
        worker = words.path("workerId").asText();
        connected = words.path("connected").asBoolean();
      }
      case "output" -> ear.output(command, bytes(words));
      case "ended" -> ear.ended(command, words.path("exitCode").asInt());
      case "interrupted" -> ear.interrupted();
      case "gap" -> {
        ear.gap(words.toString());
        order.gap();
      }
      case "problem", "notice" -> throw new BenchFailure(words.toString());
      default -> {
        // Nothing that is waited for.
      }
    }
  }

  private static byte[] bytes(JsonNode words) {
    JsonNode text = words.path("text");
    return text.isTextual()
        ? text.asText().getBytes(StandardCharsets.UTF_8)
        : Base64.getDecoder().decode(words.path("base64").asText());
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    wire.close();
  }
}
