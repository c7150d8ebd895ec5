package dev.weft.gateway.rest;

import dev.weft.gateway.app.ByteBudget;
import dev.weft.platform.error.MeshException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Reads a request's body before its resource is asked, and no more of it than the door takes and
 * has room for. The room is held until the request is answered.
 */
final class BoundedBody {

  private final RoutingContext context;
  private final ByteBudget.Share share;
  private final Buffer body = Buffer.buffer();
  private long taken;
  private boolean refused;

  private BoundedBody(RoutingContext context, ByteBudget budget) {
    this.context = context;
    this.share = budget.open(this::tooSlow);
  }

  /** Goes on to the next handler with the body, or refuses the request. */
  static void read(RoutingContext context, ByteBudget budget, String tenant) {
    BoundedBody body = new BoundedBody(context, budget);
    body.share.of(tenant);
    body.read();
  }

  private void read() {
    HttpServerRequest request = context.request();
    context.addEndHandler(_ -> share.close());
    String length = request.getHeader("Content-Length");
    if (!take(length == null ? 0 : Long.parseLong(length))) {
      return;
    }
    request.handler(this::add);
    request.exceptionHandler(_ -> refused = true);
    request.endHandler(_ -> end());
    request.resume();
  }

  private void add(Buffer part) {
    if (refused) {
      return;
    }
    long length = body.length() + (long) part.length();
    if (length > DoorPolicy.MOST_BODY) {
      refuse(DoorFilter.tooLarge());
    } else if (take(length)) {
      body.appendBuffer(part);
    }
  }

  /** Makes sure of room for so many bytes in all. */
  private boolean take(long bytes) {
    try {
      if (bytes > taken) {
        share.grow(bytes - taken);
        taken = bytes;
      }
      return true;
    } catch (MeshException e) {
      refuse(e);
      return false;
    }
  }

  private void refuse(MeshException why) {
    refused = true;
    share.close();
    DoorFilter.refuse(context, why);
  }

  private void tooSlow() {
    share.close();
    context.request().connection().close();
  }

  private void end() {
    if (!refused) {
      share.complete();
      ((RoutingContextInternal) context).setBody(body);
      context.next();
    }
  }
}
