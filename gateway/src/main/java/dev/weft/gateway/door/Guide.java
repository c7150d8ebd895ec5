package dev.weft.gateway.door;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.function.Supplier;

/** Knows where a connection that comes to a door is to go. */
public interface Guide {

  /**
   * The addresses to try, the best first.
   *
   * @param worker paused, and paused again when this is answered
   */
  Future<List<String>> ask(NetSocket worker);

  /** What the worker is told before what is relayed to it. */
  Buffer welcome();

  /** What a worker is told for which nobody is found, or which may not go where it wants. */
  Buffer refusal(Throwable why);

  /** All go the same way, and are told nothing. */
  static Guide to(Supplier<List<String>> addresses) {
    return new Guide() {
      @Override
      public Future<List<String>> ask(NetSocket worker) {
        return Future.succeededFuture(addresses.get());
      }

      @Override
      public Buffer welcome() {
        return Buffer.buffer();
      }

      @Override
      public Buffer refusal(Throwable why) {
        return Buffer.buffer();
      }
    };
  }
}
