package dev.weft.registry;

import dev.weft.registry.domain.fleet.Fleet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * A standby is ready too: it says who is active. PostgreSQL's absence makes nobody unready, beats
 * go on without it.
 */
@ApplicationScoped
class RegistryHealth {

  private static final Duration STUCK = Duration.ofSeconds(30);

  private final RegistryServer server;

  RegistryHealth(RegistryServer server) {
    this.server = server;
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck ready() {
    return () ->
        HealthCheckResponse.named("registry")
            .status(server.isServing())
            .withData("active", server.keeper().peek(Fleet::epoch).isPresent())
            .withData("epoch", server.keeper().peek(Fleet::epoch).orElse(0L))
            .withData("workers", server.keeper().peek(fleet -> fleet.all().size()).orElse(0))
            .build();
  }

  @Produces
  @ApplicationScoped
  @Liveness
  HealthCheck alive() {
    return () ->
        HealthCheckResponse.named("judge")
            .status(server.sinceJudged().compareTo(STUCK) < 0)
            .build();
  }
}
