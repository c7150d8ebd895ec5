package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.DoorBudgets;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.rest.HttpDoor;
import dev.weft.gateway.rest.RestCalls;
import dev.weft.gateway.rest.TaskEvents;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** The HTTP side: what stands before every route, and the one route that is no resource. */
@Singleton
class HttpBeans {

  private final GatewayConfig config;

  HttpBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  CallerTrace trace(OpenTelemetry telemetry) {
    return new CallerTrace(telemetry.getPropagators().getTextMapPropagator());
  }

  @Produces
  @Singleton
  RestCalls calls(CallerTrace trace) {
    return new RestCalls(trace, config.submit().patience());
  }

  @Produces
  @Singleton
  HttpDoor door(
      Authenticator authenticator,
      DoorBudgets budgets,
      TaskForwarder tasks,
      Watches watches,
      WatchGuard guard,
      RestCalls calls) {
    GatewayConfig.PublicDoor door = config.publicDoor();
    return new HttpDoor(
        authenticator,
        new HttpDoor.Names(
            door.plaintext(),
            door.hosts().map(Set::copyOf).orElse(Set.of()),
            door.origins().map(Set::copyOf).orElse(Set.of())),
        budgets.known(),
        new TaskEvents(tasks, watches, guard, calls));
  }

  void filters(@Observes Filters filters, HttpDoor door) {
    door.guard(filters);
  }

  void routes(@Observes Router router, HttpDoor door) {
    door.route(router);
  }
}
