package dev.weft.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is who serves the mesh port; a missing database or cache is told to each caller. */
@ApplicationScoped
class ArtifactHealth {

  private final ArtifactServer server;

  ArtifactHealth(ArtifactServer server) {
    this.server = server;
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck ready() {
    return () -> HealthCheckResponse.named("artifact").status(server.isServing()).build();
  }
}
