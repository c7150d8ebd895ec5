package dev.weft.gateway.rest;

import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.app.TransferToll.Pass;
import dev.weft.gateway.app.TransferToll.Payer;
import dev.weft.gateway.forward.Call;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets raw bodies come and go as fast as their tenant and user may. */
public final class TollGate {

  /** The tenant's user for whom it is. */
  static final String USER = "Weft-User";

  private final TransferToll toll;

  public TollGate(TransferToll toll) {
    this.toll = toll;
  }

  /**
   * Goes on, on the event loop, when the bytes may be transferred; refuses otherwise.
   *
   * @param announced bytes, as far as that is known
   */
  void pass(
      RoutingContext context,
      Context eventLoop,
      Call call,
      long announced,
      Consumer<Pass> transfer) {
    String user = Optional.ofNullable(context.request().getHeader(USER)).orElse("");
    toll.enter(new Payer(call.tenant(), user), announced)
        .whenComplete(
            (pass, failure) ->
                eventLoop.runOnContext(
                    _ -> {
                      if (failure != null) {
                        refuse(context, failure);
                      } else if (!context.response().closed()) {
                        begin(context, pass, transfer);
                      }
                    }));
  }

  private static void begin(RoutingContext context, Pass pass, Consumer<Pass> transfer) {
    try {
      transfer.accept(pass);
    } catch (RuntimeException e) {
      refuse(context, e);
    }
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    Unread.drop(context);
    DoorFilter.refuse(context, failure);
  }
}
