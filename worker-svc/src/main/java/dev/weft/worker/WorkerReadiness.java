package dev.weft.worker;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is who takes work: a placer has answered and the worker does not drain. */
@Singleton
@Readiness
public final class WorkerReadiness implements HealthCheck {

  private static final String NAME = "worker";

  private final WorkerState state;

  WorkerReadiness(WorkerState state) {
    this.state = state;
  }

  @Override
  public HealthCheckResponse call() {
    return state
        .view()
        .map(
            view ->
                HealthCheckResponse.named(NAME)
                    .status(view.connected() && !view.draining())
                    .withData("activity", view.activity().name())
                    .withData("slots_used", view.slotsUsed())
                    .withData("slots_total", view.slotsTotal())
                    .build())
        .orElseGet(() -> HealthCheckResponse.named(NAME).down().build());
  }
}
