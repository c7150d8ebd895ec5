package dev.weft.gateway.ws;

import dev.weft.gateway.forward.Problems;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.session.Attachment;
import dev.weft.gateway.session.SessionSink;
import dev.weft.gateway.session.SessionWish;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
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

  private final Context eventLoop;
  private final SocketTools tools;
  private final SessionWish wish;
  private final CommandToll toll;
  private final ClientMessages messages;
  private final Pings pings;
  private final ServerMessages queue = new ServerMessages();
  private @Nullable Attachment attachment;
  private @Nullable ServerWebSocket socket;
  private WatchGuard.@Nullable Watch watch;
  private @Nullable FirstWord waiting;
  private boolean ending;
  private boolean over;

  /**
   * @param traceparent the client's position in its trace; empty outside one
   */
  public SessionSocket(Context eventLoop, SocketTools tools, SessionWish wish, String traceparent) {
    this.eventLoop = eventLoop;
    this.tools = tools;
    this.wish = wish;
    Words words = new Words();
    this.toll =
        new CommandToll(
            () -> tools.gate().admit(wish.tenant(), 1),
            task -> eventLoop.runOnContext(_ -> task.run()),
            words);
    this.messages = new ClientMessages(traceparent, words);
    this.pings = new Pings(eventLoop, () -> close(CloseCode.SILENT));
  }

  /**
   * Attaches to the agent's home. On the event loop.
   *
   * @throws RuntimeException if there are too many sessions
   */
  public void open(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      Function<SessionSink, Attachment> way,
      FirstWord listener) {
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
    tools.sockets().add(this);
    accepted.frameHandler(this::frame);
    accepted.pongHandler(_ -> pings.heard());
    accepted.exceptionHandler(this::broke);
    accepted.closeHandler(_ -> leave());
    pings.start(accepted);
    accepted.writeTextMessage(ServerWords.hello(wish.agentId(), tools.ringBytes(), MOST_FRAME));
    write();
    breathe();
  }

  // ---- to the client

  @Override
  public void next(AttachResponse step, int stream) {
    eventLoop.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          queue.add(step, stream);
          FirstWord first = waiting;
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
    // Its part becomes smaller when others come.
    to.setWriteQueueMaxSize(tools.sockets().queueBytes());
    if (!queue.write(to, from)) {
      to.drainHandler(_ -> drained());
      return;
    }
    if (ending) {
      close(CloseCode.OVER);
    }
  }

  @Override
  public void over() {
    eventLoop.runOnContext(
        _ -> {
          ending = true;
          write();
        });
  }

  @Override
  public void failed(RuntimeException why) {
    eventLoop.runOnContext(
        _ -> {
          FirstWord first = waiting;
          if (over) {
            return;
          }
          if (first != null) {
            leave();
            first.refused(why);
            return;
          }
          MeshProblem problem = StatusMapper.fromStatus(why);
          CloseCode code = CloseCode.of(problem);
          if (code == CloseCode.FAILED) {
            LOG.warnf("session failed: agentId=%s error=%s", wish.agentId(), problem.message());
          }
          close(code);
        });
  }

  // ---- from the client

  private void frame(WebSocketFrame frame) {
    pings.heard();
    if (!over) {
      messages.frame(frame);
      breathe();
    }
  }

  /** What is no WebSocket frame, or far too large, is answered before the connection is closed. */
  private void broke(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted) {
      close(CloseCode.of(corrupted));
    } else {
      LOG.debugf("session broke: agentId=%s error=%s", wish.agentId(), failure);
    }
  }

  /** What the client says. */
  private final class Words implements ClientMessages.Listener, CommandToll.Listener {

    @Override
    public void said(ClientFrame frame) {
      toll.take(frame);
    }

    @Override
    public void passed(ClientFrame frame) {
      Attachment to = attachment;
      if (to != null) {
        to.send(frame);
      }
    }

    @Override
    public void decided() {
      breathe();
    }

    @Override
    public void refused(RuntimeException why, String about) {
      ServerWebSocket to = socket;
      if (to != null && !over) {
        to.writeTextMessage(ServerWords.problem(Problems.about(why, about)));
      }
    }

    @Override
    public void broken(CloseCode why) {
      close(why);
    }
  }

  @Override
  public void ready() {
    eventLoop.runOnContext(_ -> breathe());
  }

  /** Reads on if the home takes more and the client takes answers. */
  private void breathe() {
    ServerWebSocket from = socket;
    Attachment to = attachment;
    if (from == null || to == null || over) {
      return;
    }
    if (toll.waits() || !to.ready()) {
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

  @Override
  public void silent() {
    // Pings ask the client itself.
  }

  @Override
  public void dismissed(MeshException why) {
    eventLoop.runOnContext(_ -> close(CloseCode.DISMISSED));
  }

  /** The gateway stops. */
  void stop() {
    eventLoop.runOnContext(_ -> close(CloseCode.GATEWAY_STOPS));
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
    tools.sockets().remove(this);
    pings.stop();
    if (watch != null) {
      watch.close();
    }
    if (attachment != null) {
      attachment.close();
    }
  }
}
