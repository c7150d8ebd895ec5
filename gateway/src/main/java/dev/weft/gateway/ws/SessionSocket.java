package dev.weft.gateway.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.Problems;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.session.Attachment;
import dev.weft.gateway.session.SessionSink;
import dev.weft.gateway.session.SessionWish;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket. Writes no faster than the client reads and reads no faster than the home
 * takes; all of it on the connection's event loop.
 */
public final class SessionSocket implements SessionSink, WatchGuard.Reader {

  /** Of one frame, and of one message in several frames. */
  public static final int MOST_FRAME = 64 * 1024;

  /** Of a frame that is read to its end, only to be refused with a close code. */
  public static final int MOST_READ = 2 * MOST_FRAME;

  private static final Logger LOG = Logger.getLogger(SessionSocket.class);
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final long PING_MILLIS = Duration.ofSeconds(20).toMillis();
  private static final int MOST_SILENT_PINGS = 3;
  private static final int MOST_STRIKES = 3;

  private final Context home;
  private final SessionSockets sockets;
  private final SessionWish wish;
  private final Greeting greeting;
  private final Deque<Arrived> queue = new ArrayDeque<>();
  private Buffer message = Buffer.buffer();
  private boolean messageIsText;
  private @Nullable Attachment attachment;
  private @Nullable ServerWebSocket socket;
  private WatchGuard.@Nullable Watch watch;
  private @Nullable Waiting waiting;
  private long pings = -1;
  private int silentPings;
  private int strikes;
  private boolean ending;
  private boolean over;

  /** Who waits for the home's first word before the upgrade. */
  public interface Waiting {

    /** The home takes the client. */
    void welcome();

    void refused(RuntimeException why);
  }

  /**
   * What the client is told first, and how its commands are traced.
   *
   * @param ringBytes that a home keeps of a session
   * @param traceparent the client's position in its trace; empty outside one
   */
  public record Greeting(long ringBytes, String traceparent) {}

  private record Arrived(AttachResponse step, int stream) {}

  public SessionSocket(Context home, SessionSockets sockets, SessionWish wish, Greeting greeting) {
    this.home = home;
    this.sockets = sockets;
    this.wish = wish;
    this.greeting = greeting;
  }

  /**
   * Attaches to the agent's home. On the event loop.
   *
   * @throws RuntimeException if there are too many sessions
   */
  public void open(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      Function<SessionSink, Attachment> way,
      Waiting listener) {
    watch = admission.apply(this);
    waiting = listener;
    Attachment made = way.apply(this);
    attachment = made;
    made.open();
  }

  /** Goes on as a WebSocket. On the event loop. */
  public void accept(ServerWebSocket accepted) {
    if (over) {
      accepted.close();
      return;
    }
    socket = accepted;
    sockets.add(this);
    accepted.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    accepted.frameHandler(this::frame);
    accepted.pongHandler(_ -> silentPings = 0);
    accepted.exceptionHandler(this::broke);
    accepted.closeHandler(_ -> leave());
    pings = home.owner().setPeriodic(PING_MILLIS, _ -> home.runOnContext(_ -> ping()));
    accepted.writeTextMessage(ServerWords.hello(wish.agentId(), greeting.ringBytes(), MOST_FRAME));
    write();
    breathe();
  }

  // ---- to the client

  @Override
  public void next(AttachResponse step, int stream) {
    home.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          queue.add(new Arrived(step, stream));
          Waiting first = waiting;
          waiting = null;
          if (first != null) {
            first.welcome();
          }
          write();
        });
  }

  private void write() {
    ServerWebSocket to = socket;
    Attachment from = attachment;
    if (to == null || from == null || over) {
      return;
    }
    while (!queue.isEmpty()) {
      if (to.writeQueueFull()) {
        to.drainHandler(_ -> write());
        return;
      }
      Arrived arrived = queue.removeFirst();
      Optional<Buffer> terminal = ServerWords.binary(arrived.step());
      if (terminal.isPresent()) {
        to.writeBinaryMessage(terminal.get());
      } else {
        ServerWords.text(arrived.step()).ifPresent(to::writeTextMessage);
      }
      from.passedOn(arrived.step(), arrived.stream());
    }
    if (ending) {
      close(CloseCode.OVER);
    }
  }

  @Override
  public void over() {
    home.runOnContext(
        _ -> {
          ending = true;
          write();
        });
  }

  @Override
  public void failed(RuntimeException why) {
    home.runOnContext(
        _ -> {
          Waiting first = waiting;
          if (over) {
            return;
          }
          if (first != null) {
            leave();
            first.refused(why);
            return;
          }
          MeshProblem problem = StatusMapper.fromStatus(why);
          if (problem.is(GatewayReason.CELL_UNAVAILABLE)) {
            close(CloseCode.AWAY);
          } else if (problem.is(GatewayReason.AGENT_NOT_FOUND)) {
            close(CloseCode.OVER);
          } else {
            LOG.warnf("session failed: agentId=%s error=%s", wish.agentId(), problem.message());
            close(CloseCode.FAILED);
          }
        });
  }

  private void tell(Throwable why, String about) {
    Problem.Builder problem = Problems.of(why).toBuilder();
    if (!about.isEmpty()) {
      problem.putMetadata("commandId", about);
    }
    ServerWebSocket to = socket;
    if (to != null) {
      ServerWords.text(AttachResponse.newBuilder().setProblem(problem).build())
          .ifPresent(to::writeTextMessage);
    }
  }

  // ---- from the client

  private void frame(WebSocketFrame frame) {
    silentPings = 0;
    if (over || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (!frame.isContinuation()) {
      messageIsText = frame.isText();
    }
    Buffer part = frame.binaryData();
    if (message.length() + part.length() > MOST_FRAME) {
      close(CloseCode.TOO_LARGE);
      return;
    }
    message.appendBuffer(part);
    if (frame.isFinal()) {
      byte[] bytes = message.getBytes();
      message = Buffer.buffer();
      if (messageIsText) {
        text(bytes);
      } else {
        input(ByteString.copyFrom(bytes));
      }
    }
    breathe();
  }

  /** What is no WebSocket frame, or far too large, is answered before the connection is closed. */
  private void broke(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted) {
      boolean large = corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG);
      close(large ? CloseCode.TOO_LARGE : CloseCode.FORBIDDEN);
    } else {
      LOG.debugf("session broke: agentId=%s error=%s", wish.agentId(), failure);
    }
  }

  private void text(byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      close(CloseCode.NOT_UTF8);
      return;
    }
    JsonObject words = new JsonObject();
    try {
      words = ClientWords.object(text);
      ClientFrame said = ClientWords.frame(words, greeting.traceparent());
      strikes = 0;
      send(said);
    } catch (InvalidRequest e) {
      strikes = 0;
      tell(e, ClientWords.about(words));
    } catch (NotUnderstood e) {
      strikes++;
      tell(e.problem(), ClientWords.about(words));
      if (strikes >= MOST_STRIKES) {
        close(CloseCode.NOT_UNDERSTOOD);
      }
    }
  }

  private void input(ByteString keys) {
    if (!keys.isEmpty()) {
      send(ClientFrame.newBuilder().setTerminalInput(keys).build());
    }
  }

  private void send(ClientFrame said) {
    Attachment to = attachment;
    if (to != null) {
      to.send(said);
    }
  }

  @Override
  public void ready() {
    home.runOnContext(_ -> breathe());
  }

  /** Reads on if the home takes more and the client takes answers. */
  private void breathe() {
    ServerWebSocket from = socket;
    Attachment to = attachment;
    if (from == null || to == null || over) {
      return;
    }
    if (!to.ready()) {
      from.pause();
    } else if (from.writeQueueFull()) {
      from.pause();
      from.drainHandler(_ -> drained());
    } else {
      from.resume();
    }
  }

  private void drained() {
    write();
    breathe();
  }

  // ---- its end

  private void ping() {
    ServerWebSocket to = socket;
    if (to == null || over) {
      return;
    }
    silentPings++;
    if (silentPings > MOST_SILENT_PINGS) {
      close(CloseCode.SILENT);
    } else if (!to.writeQueueFull()) {
      to.writePing(Buffer.buffer("weft"));
    }
  }

  @Override
  public void silent() {
    // Pings ask the client itself.
  }

  @Override
  public void dismissed(MeshException why) {
    home.runOnContext(_ -> close(CloseCode.DISMISSED));
  }

  /** The gateway stops. */
  void stop() {
    home.runOnContext(_ -> close(CloseCode.GATEWAY_STOPS));
  }

  private void close(CloseCode code) {
    ServerWebSocket to = socket;
    if (over) {
      return;
    }
    leave();
    if (to != null) {
      to.resume();
      to.close(code.number(), code.words());
    }
  }

  /** The client has gone, or is to go. On the event loop. */
  public void leave() {
    if (over) {
      return;
    }
    over = true;
    queue.clear();
    sockets.remove(this);
    if (pings >= 0) {
      home.owner().cancelTimer(pings);
    }
    if (watch != null) {
      watch.close();
    }
    if (attachment != null) {
      attachment.close();
    }
  }
}
