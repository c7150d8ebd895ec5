package dev.weft.gateway.rest;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import io.vertx.core.Context;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What the hand-written routes have in common. */
final class Routes {

  private Routes() {}

  /** Refuses every other method on a path. */
  static void otherwise(Router router, String path, String allowed) {
    router
        .route(path)
        .handler(
            context -> {
              context.response().putHeader("Allow", allowed);
              DoorFilter.refuse(
                  context,
                  new MeshException(
                      GatewayReason.METHOD_NOT_ALLOWED,
                      "method: " + context.request().method() + " (expected: " + allowed + ")"));
            });
  }

  /** Goes on with an answer on the connection's event loop, or refuses. */
  static <T> void then(
      RoutingContext context, Context eventLoop, CompletionStage<T> answer, Consumer<T> next) {
    answer.whenComplete(
        (value, failure) ->
            eventLoop.runOnContext(
                _ -> {
                  if (failure != null) {
                    DoorFilter.refuse(context, failure);
                  } else if (!context.response().closed()) {
                    guarded(context, () -> next.accept(value));
                  }
                }));
  }

  /** Refuses what throws. */
  static void guarded(RoutingContext context, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      DoorFilter.refuse(context, e);
    }
  }
}
