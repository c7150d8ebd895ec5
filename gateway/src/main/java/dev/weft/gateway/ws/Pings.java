package dev.weft.gateway.ws;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;

/** Asks a client now and then whether it is there. On the connection's event loop. */
final class Pings {

  private static final long EVERY_MILLIS = Duration.ofSeconds(20).toMillis();
  private static final int MOST_SILENT = 3;
  private static final long NO_TIMER = -1;

  private final Context eventLoop;
  private final Runnable silent;
  private long timer = NO_TIMER;
  private int unanswered;

  /**
   * @param silent run when too many had no answer
   */
  Pings(Context eventLoop, Runnable silent) {
    this.eventLoop = eventLoop;
    this.silent = silent;
  }

  void start(ServerWebSocket client) {
    timer =
        eventLoop.owner().setPeriodic(EVERY_MILLIS, _ -> eventLoop.runOnContext(_ -> ping(client)));
  }

  /** The client has said something. */
  void heard() {
    unanswered = 0;
  }

  private void ping(ServerWebSocket client) {
    if (timer == NO_TIMER) {
      return;
    }
    unanswered++;
    if (unanswered > MOST_SILENT) {
      silent.run();
    } else if (!client.writeQueueFull()) {
      client.writePing(Buffer.buffer("weft"));
    }
  }

  void stop() {
    if (timer != NO_TIMER) {
      eventLoop.owner().cancelTimer(timer);
      timer = NO_TIMER;
    }
  }
}
