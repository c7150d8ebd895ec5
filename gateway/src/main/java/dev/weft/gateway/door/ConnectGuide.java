package dev.weft.gateway.door;

import dev.weft.platform.discovery.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets a worker name the one that it wants by HTTP CONNECT: an agent's home is one certain gateway.
 * Only known addresses are gone to, so that nobody gets anywhere else through a door.
 */
public final class ConnectGuide implements Guide {

  private final Vertx vertx;
  private final Predicate<HostPort> known;
  private final Duration patience;

  /** It asks for what is none of the known ones. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown(HostPort address) {
      super("address: " + address + " (expected: a gateway's)");
    }
  }

  /**
   * @param patience how long a head may take to come
   */
  public ConnectGuide(Vertx vertx, Predicate<HostPort> known, Duration patience) {
    this.vertx = vertx;
    this.known = known;
    this.patience = patience;
  }

  @Override
  public Future<List<String>> ask(NetSocket worker) {
    Promise<List<String>> asked = Promise.promise();
    ConnectHead head = new ConnectHead();
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            _ -> asked.tryFail(new ConnectHead.Malformed("head: none within " + patience)));
    worker.handler(
        part -> {
          try {
            Optional<HostPort> wanted = head.add(part);
            if (wanted.isPresent()) {
              worker.pause();
              asked.tryComplete(List.of(let(wanted.get()).toString()));
            }
          } catch (ConnectHead.Malformed | Unknown e) {
            worker.pause();
            asked.tryFail(e);
          }
        });
    worker.resume();
    return asked.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private HostPort let(HostPort wanted) {
    if (!known.test(wanted)) {
      throw new Unknown(wanted);
    }
    return wanted;
  }

  @Override
  public Buffer welcome() {
    return Buffer.buffer("HTTP/1.1 200 Connection established\r\n\r\n");
  }

  @Override
  public Buffer refusal(Throwable why) {
    String status =
        switch (why) {
          case ConnectHead.Malformed _ -> "400 Bad Request";
          case Unknown _ -> "403 Forbidden";
          default -> "502 Bad Gateway";
        };
    return Buffer.buffer(
        "HTTP/1.1 " + status + "\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  }
}
