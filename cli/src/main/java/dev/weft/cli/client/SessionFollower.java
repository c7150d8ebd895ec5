package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One view of an agent's session, for as long as the agent lives: when the connection breaks off or
 * falls silent, it is opened anew at the next gateway, after the last frame that was seen.
 */
public final class SessionFollower implements SessionVoice {
  private static final int NORMAL = 1000;
  private static final int REVOKED = 1008;

  /** What another gateway would refuse as well. */
  private static final int FIRST_FAULT_OF_OURS = 1002;

  private static final int LAST_FAULT_OF_OURS = 1009;
  private static final int ABNORMAL = 1006;
  private static final int HEADER = Integer.BYTES + Long.BYTES;

  private final MeshApi api;
  private final String agentId;
  private final boolean viewer;
  private volatile String cursor;
  private volatile @Nullable SessionSocket socket;
  private volatile boolean left;

  /** How a view ended. */
  public enum End {
    /** It had seen enough. */
    LEFT,
    /** There is no more: the agent is over. */
    OVER
  }

  /**
   * @param viewer only watches
   * @param cursor of the last frame that was seen; empty: from the oldest that is kept
   */
  public SessionFollower(MeshApi api, String agentId, boolean viewer, String cursor) {
    this.api = api;
    this.agentId = agentId;
    this.viewer = viewer;
    this.cursor = cursor;
  }

  /** Of the last frame that the view has seen; empty before the first. */
  public String cursor() {
    return cursor;
  }

  /** Ends {@link #follow} from another thread. */
  public void leave() {
    left = true;
    SessionSocket now = socket;
    if (now != null) {
      now.leave();
    }
  }

  /**
   * Shows the session to the view until it has seen enough or the agent is over.
   *
   * @throws ApiException if the session is refused
   * @throws UnreachableException if no gateway has it for as long as the patience goes
   */
  public End follow(SessionView view) {
    Patience patience = new Patience(api.pace());
    while (true) {
      Duration asked = Duration.ZERO;
      String why;
      try (SessionSocket opened = SessionSocket.open(api, path())) {
        socket = opened;
        if (!left) {
          view.opened(this);
        }
        Optional<End> end = read(opened, view, patience);
        if (end.isPresent()) {
          return end.get();
        }
        why = "the gateway closed the connection";
      } catch (ApiException e) {
        asked = e.delay();
        if (!e.isTransient() || !patience.outlasts(asked)) {
          throw e;
        }
        why = SessionSocket.reason(e);
      } catch (IOException e) {
        if (patience.isOver()) {
          throw api.unreachable(e);
        }
        why = SessionSocket.reason(e);
      } finally {
        socket = null;
      }
      if (left) {
        return End.LEFT;
      }
      view.broken(why);
      api.preferNext();
      patience.pause(asked);
    }
  }

  @Override
  public boolean say(ObjectNode message) {
    SessionSocket now = socket;
    try {
      if (now != null) {
        now.send(message.toString());
      }
      return now != null;
    } catch (IOException | IllegalStateException e) {
      return false; // Its reader sees the end as well, and opens the next one.
    }
  }

  @Override
  public boolean type(byte[] bytes, int length) {
    SessionSocket now = socket;
    try {
      if (now != null) {
        now.send(bytes, length);
      }
      return now != null;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder("/v1/agents/" + MeshApi.encoded(agentId) + "/session");
    path.append(viewer ? "?mode=viewer" : "?mode=writer");
    if (!cursor.isEmpty()) {
      path.append("&cursor=").append(MeshApi.encoded(cursor));
    }
    return path.toString();
  }

  /** Until there is an end; empty: the connection is to be opened anew. */
  private Optional<End> read(SessionSocket from, SessionView view, Patience patience)
      throws IOException {
    Duration silence = api.pace().silence();
    while (!left) {
      Optional<Duration> lull = view.lull();
      SessionSocket.Event event = from.next(lull.orElse(silence));
      if (event == null) {
        if (lull.isPresent()) {
          return Optional.of(End.LEFT);
        }
        throw new IOException("nothing was heard for " + silence.toSeconds() + " s");
      }
      switch (event) {
        case SessionSocket.Text(JsonNode json) -> {
          patience.progress();
          boolean more = view.message(json.path("type").asText(""), json);
          cursor = json.path("cursor").asText(cursor);
          if (!more) {
            return Optional.of(End.LEFT);
          }
        }
        case SessionSocket.Terminal(ByteString frame) -> {
          patience.progress();
          show(frame, view);
        }
        case SessionSocket.Alive _ -> patience.progress();
        case SessionSocket.Left _ -> {
          return Optional.of(End.LEFT);
        }
        case SessionSocket.Broken(Throwable cause) ->
            throw new IOException(SessionSocket.reason(cause), cause);
        case SessionSocket.Closed(int code, String reason) -> {
          return closed(code, reason);
        }
      }
    }
    return Optional.of(End.LEFT);
  }

  private void show(ByteString frame, SessionView view) throws IOException {
    if (frame.size() < HEADER) {
      throw new IOException("a terminal frame of " + frame.size() + " bytes");
    }
    ByteBuffer header = frame.asReadOnlyByteBuffer();
    String place =
        Integer.toUnsignedString(header.getInt()) + "." + Long.toUnsignedString(header.getLong());
    view.terminal(frame.substring(HEADER).toByteArray());
    cursor = place;
  }

  private static Optional<End> closed(int code, String reason) {
    if (code == NORMAL) {
      return Optional.of(End.OVER);
    }
    if (code == REVOKED) {
      throw new ApiException(401, "UNAUTHENTICATED", told(code, reason));
    }
    if (code >= FIRST_FAULT_OF_OURS && code <= LAST_FAULT_OF_OURS && code != ABNORMAL) {
      throw new ApiException(400, "SESSION_CLOSED", told(code, reason));
    }
    return Optional.empty();
  }

  private static String told(int code, String reason) {
    return "the gateway closed the session: " + code + (reason.isEmpty() ? "" : " " + reason);
  }
}
