package dev.weft.gateway.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/** Reads a request's body before its resource is asked, and no more of it than the door takes. */
final class BoundedBody {

  private final RoutingContext context;
  private final Buffer body = Buffer.buffer();
  private boolean refused;

  private BoundedBody(RoutingContext context) {
    this.context = context;
  }

  /** Goes on to the next handler with the body, or refuses the request. */
  static void read(RoutingContext context) {
    HttpServerRequest request = context.request();
    BoundedBody bounded = new BoundedBody(context);
    request.handler(bounded::add);
    request.exceptionHandler(_ -> bounded.refused = true);
    request.endHandler(_ -> bounded.end());
    request.resume();
  }

  private void add(Buffer part) {
    if (refused) {
      return;
    }
    if (body.length() + part.length() > DoorPolicy.MOST_BODY) {
      refused = true;
      DoorFilter.refuse(context, DoorFilter.tooLarge());
      return;
    }
    body.appendBuffer(part);
  }

  private void end() {
    if (!refused) {
      ((RoutingContextInternal) context).setBody(body);
      context.next();
    }
  }
}
