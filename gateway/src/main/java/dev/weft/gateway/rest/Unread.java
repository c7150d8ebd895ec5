package dev.weft.gateway.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** What is still to come of a refused body. */
final class Unread {

  private static final long LINGER_MILLIS = 1_000;

  private Unread() {}

  /**
   * Reads it away for a moment, so that a sender who is still writing gets to read the refusal, and
   * then hangs up.
   */
  static void drop(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return;
    }
    context.response().putHeader("Connection", "close");
    request.handler(_ -> {});
    request.exceptionHandler(_ -> {});
    request.endHandler(_ -> {});
    context
        .response()
        .endHandler(
            _ -> context.vertx().setTimer(LINGER_MILLIS, _ -> request.connection().close()));
    request.resume();
  }
}
