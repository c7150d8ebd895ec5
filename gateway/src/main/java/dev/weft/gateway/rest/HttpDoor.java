package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.ByteBudget;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Puts the door's filter and its hand-written routes into Quarkus's router. */
public final class HttpDoor {

  /** Before CORS (300) and everything else of Quarkus. */
  private static final int PRIORITY = 1000;

  private final RequestsUnderWay underWay = new RequestsUnderWay();
  private final DoorFilter filter;
  private final List<RawRoute> routes;

  /**
   * Names that the door goes by.
   *
   * @param local whether it is the local mode
   */
  public record Names(
      boolean local, Set<String> hosts, Set<String> origins, Set<String> sessionOrigins) {}

  public HttpDoor(
      Authenticator authenticator, Names names, ByteBudget bodies, List<RawRoute> routes) {
    this.filter =
        new DoorFilter(
            authenticator,
            new DoorPolicy(names.local(), names.hosts(), names.origins(), names.sessionOrigins()),
            bodies);
    this.routes = List.copyOf(routes);
  }

  public void guard(Filters filters) {
    filters.register(underWay::handle, PRIORITY + 1);
    filters.register(filter::handle, PRIORITY);
  }

  /** Done as soon as no request is being answered; sockets are none. For the stop. */
  public CompletionStage<Void> whenIdle() {
    return underWay.whenNone();
  }

  public void route(Router router) {
    routes.forEach(one -> one.route(router));
  }
}
