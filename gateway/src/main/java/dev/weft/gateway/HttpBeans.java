package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.DoorBudgets;
import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.artifact.ArtifactForwarder;
import dev.weft.gateway.artifact.Downloads;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.artifact.Uploads;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.output.OutputFeeds;
import dev.weft.gateway.rest.AgentEvents;
import dev.weft.gateway.rest.ArtifactContent;
import dev.weft.gateway.rest.ArtifactUploads;
import dev.weft.gateway.rest.HttpDoor;
import dev.weft.gateway.rest.PageFiles;
import dev.weft.gateway.rest.Pages;
import dev.weft.gateway.rest.RawRoute;
import dev.weft.gateway.rest.RestCalls;
import dev.weft.gateway.rest.TaskEvents;
import dev.weft.gateway.rest.TaskLogs;
import dev.weft.gateway.rest.TollGate;
import dev.weft.platform.telemetry.TelemetryConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.arc.All;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** The HTTP side: what stands before every route, and the routes that are no resources. */
@Singleton
class HttpBeans {

  private final GatewayConfig config;

  HttpBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  CallerTrace trace(OpenTelemetry telemetry) {
    return new CallerTrace(
        TelemetryConfig.taken(telemetry).getPropagators().getTextMapPropagator());
  }

  @Produces
  @Singleton
  RestCalls calls(CallerTrace trace) {
    return new RestCalls(trace, config.submit().patience());
  }

  @Produces
  @Singleton
  HttpDoor door(Authenticator authenticator, DoorBudgets budgets, @All List<RawRoute> routes) {
    GatewayConfig.PublicDoor door = config.publicDoor();
    return new HttpDoor(
        authenticator,
        new HttpDoor.Names(
            door.plaintext(),
            door.hosts().map(Set::copyOf).orElse(Set.of()),
            door.origins().map(Set::copyOf).orElse(Set.of()),
            config.session().origins().map(Set::copyOf).orElse(Set.of())),
        budgets.known(),
        routes);
  }

  @Produces
  @Singleton
  TaskEvents events(TaskForwarder tasks, Watches watches, WatchGuard guard, RestCalls calls) {
    return new TaskEvents(tasks, watches, guard, calls);
  }

  @Produces
  @Singleton
  AgentEvents agentEvents(
      AgentForwarder agents, Watches watches, WatchGuard guard, RestCalls calls) {
    return new AgentEvents(agents, watches, guard, calls);
  }

  @Produces
  @Singleton
  TaskLogs logs(TaskForwarder tasks, OutputFeeds outputs, WatchGuard guard, RestCalls calls) {
    return new TaskLogs(tasks, outputs, guard, calls);
  }

  @Produces
  @Singleton
  TollGate toll(TransferToll toll) {
    return new TollGate(toll);
  }

  @Produces
  @Singleton
  ArtifactUploads uploads(Uploads uploads, Transfers transfers, TollGate toll, RestCalls calls) {
    return new ArtifactUploads(uploads, transfers, toll, calls);
  }

  @Produces
  @Singleton
  ArtifactContent content(
      ArtifactForwarder artifacts,
      Downloads downloads,
      Transfers transfers,
      TollGate toll,
      RestCalls calls) {
    return new ArtifactContent(artifacts, downloads, transfers, toll, calls);
  }

  @Produces
  @Singleton
  Pages pages() {
    return new Pages(PageFiles.built());
  }

  void filters(@Observes Filters filters, HttpDoor door) {
    door.guard(filters);
  }

  void routes(@Observes Router router, HttpDoor door) {
    door.route(router);
  }
}
