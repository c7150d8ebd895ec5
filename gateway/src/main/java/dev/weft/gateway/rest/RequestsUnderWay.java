package dev.weft.gateway.rest;

import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests that are being answered. Those that go on as sockets are none: Quarkus's own
 * count, which never hears of a socket's end, would be waited for in vain at each stop.
 */
final class RequestsUnderWay {

  private final AtomicInteger open = new AtomicInteger();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile boolean awaited;

  void handle(RoutingContext context) {
    // Java's client offers HTTP/2 in the same header, and is answered as anybody else.
    if (!"websocket".equalsIgnoreCase(context.request().getHeader(HttpHeaders.UPGRADE))) {
      open.incrementAndGet();
      context.addEndHandler(new End());
    }
    context.next();
  }

  /** May be told of twice, where a failure is followed by the connection's end. */
  private final class End implements Handler<AsyncResult<Void>> {
    private boolean told;

    @Override
    public void handle(AsyncResult<Void> ended) {
      if (!told) {
        told = true;
        if (open.decrementAndGet() == 0 && awaited) {
          idle.complete(null);
        }
      }
    }
  }

  /** Done as soon as there is none, once. */
  CompletionStage<Void> whenNone() {
    awaited = true;
    if (open.get() == 0) {
      idle.complete(null);
    }
    return idle;
  }
}
