package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.ByteBudget;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import java.util.Set;

/** Puts the door's filter and its one hand-written route into Quarkus's router. */
public final class HttpDoor {

  /** Before CORS (300) and everything else of Quarkus. */
  private static final int PRIORITY = 1000;

  private final DoorFilter filter;
  private final TaskEvents events;

  /**
   * Names that the door goes by.
   *
   * @param local whether it is the local mode
   */
  public record Names(boolean local, Set<String> hosts, Set<String> origins) {}

  public HttpDoor(Authenticator authenticator, Names names, ByteBudget bodies, TaskEvents events) {
    this.filter =
        new DoorFilter(
            authenticator, new DoorPolicy(names.local(), names.hosts(), names.origins()), bodies);
    this.events = events;
  }

  public void guard(Filters filters) {
    filters.register(filter::handle, PRIORITY);
  }

  public void route(Router router) {
    events.route(router);
  }
}
