package dev.weft.scaler;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** A standby is ready too: it says who is active. */
@ApplicationScoped
class ScalerHealth {

  private static final Duration STUCK = Duration.ofMinutes(1);

  private final ScalerServer server;

  ScalerHealth(ScalerServer server) {
    this.server = server;
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck ready() {
    return () ->
        HealthCheckResponse.named("scaler")
            .status(server.isServing())
            .withData("active", server.keeper().epoch().isPresent())
            .withData("epoch", server.keeper().epoch().orElse(0L))
            .build();
  }

  @Produces
  @ApplicationScoped
  @Liveness
  HealthCheck alive() {
    return () ->
        HealthCheckResponse.named("rounds")
            .status(server.sinceRound().compareTo(STUCK) < 0)
            .build();
  }
}
