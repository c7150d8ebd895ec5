package dev.weft.gateway.ws;

import dev.weft.gateway.session.Attachment;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a home says, until the client takes it: as much as the home sends ahead. On the connection's
 * event loop.
 */
final class ServerMessages {

  private final Deque<Arrived> queue = new ArrayDeque<>();

  private record Arrived(AttachResponse step, int stream) {}

  /**
   * @param stream by which it came
   */
  void add(AttachResponse step, int stream) {
    queue.add(new Arrived(step, stream));
  }

  /**
   * Writes what the client takes, and tells the home so.
   *
   * @return whether that was all
   */
  boolean write(ServerWebSocket to, Attachment from) {
    while (!queue.isEmpty() && !to.writeQueueFull()) {
      Arrived arrived = queue.removeFirst();
      Optional<Buffer> terminal = ServerWords.binary(arrived.step());
      if (terminal.isPresent()) {
        to.writeBinaryMessage(terminal.get());
      } else {
        ServerWords.text(arrived.step()).ifPresent(to::writeTextMessage);
      }
      from.passedOn(arrived.step(), arrived.stream());
    }
    return queue.isEmpty();
  }

  void clear() {
    queue.clear();
  }
}
