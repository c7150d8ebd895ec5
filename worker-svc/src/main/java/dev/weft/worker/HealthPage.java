package dev.weft.worker;

import dev.weft.worker.app.probe.OwnHealth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The worker's health for who stands beside it: {@code GET /v1/health} on the loopback port, with
 * the fields of the health page that the mesh serves of it.
 */
@Singleton
public final class HealthPage {

  private static final double PERCENT = 100;
  private static final int UNAVAILABLE = 503;

  private final InstantSource clock = InstantSource.system();
  private final WorkerState state;

  HealthPage(WorkerState state) {
    this.state = state;
  }

  void route(@Observes Router router) {
    router.get("/v1/health").blockingHandler(this::answer, false);
  }

  /** The code says it too, for those who look at nothing else. */
  private void answer(RoutingContext context) {
    Optional<OwnHealth> health = state.health();
    String status = health.map(OwnHealth::status).orElse("unhealthy");
    context
        .response()
        .setStatusCode(status.equals("unhealthy") ? UNAVAILABLE : 200)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            health
                .map(HealthPage::body)
                .orElseGet(JsonObject::new)
                .put("status", status)
                .put("timestamp", clock.instant().toString())
                .encode());
  }

  private static JsonObject body(OwnHealth health) {
    JsonObject services = new JsonObject();
    health.services().forEach(services::put);
    return new JsonObject()
        .put("instance_id", health.workerId())
        .put(
            "metrics",
            new JsonObject()
                .put("cpu_percent", health.host().cpu() * PERCENT)
                .put("memory_percent", health.host().memory() * PERCENT)
                .put("disk_percent", health.host().disk() * PERCENT)
                .put("active_connections", health.work().slotsUsed())
                .put("queue_depth", 0))
        .put("services", services)
        .put(
            "loops",
            new JsonObject()
                .put("running", health.work().runningTasks().size())
                .put("healthy", health.healthyLoops()))
        .put("errors", errors(health));
  }

  /** What the last probes found wrong, beyond the page's own fields. */
  private static JsonArray errors(OwnHealth health) {
    JsonArray errors = new JsonArray();
    health
        .probes()
        .forEach(
            (layer, result) -> {
              if (!result.good()) {
                errors.add(layer.text() + ": " + result.complaint());
              }
            });
    return errors;
  }
}
