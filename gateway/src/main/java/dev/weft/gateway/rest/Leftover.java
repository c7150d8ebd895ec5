package dev.weft.gateway.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What still comes of a request that has been answered. A moment of it is read, because an answer
 * can be lost with a connection that is closed while something comes; then it is cut off.
 */
final class Leftover {

  private static final long MOMENT_MILLIS = 1000;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private long discarded;

  private Leftover(RoutingContext context) {
    this.context = context;
    this.request = context.request();
  }

  /** Whether something is still to come. */
  static boolean of(RoutingContext context) {
    return DoorFilter.hasBody(context.request()) && !context.request().isEnded();
  }

  /** Reads no more than that moment, and closes the connection. */
  static void cutOff(RoutingContext context) {
    new Leftover(context).discard();
  }

  private void discard() {
    if (request.isEnded()) {
      close();
      return;
    }
    context.vertx().setTimer(MOMENT_MILLIS, _ -> close());
    request.handler(this::drop);
    request.exceptionHandler(_ -> close());
    request.endHandler(_ -> close());
    request.resume();
  }

  private void drop(Buffer part) {
    discarded += part.length();
    if (discarded > DoorPolicy.MOST_BODY) {
      close();
    }
  }

  private void close() {
    request.connection().close();
  }
}
