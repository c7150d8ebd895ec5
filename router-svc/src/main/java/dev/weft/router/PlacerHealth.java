package dev.weft.router;

import dev.weft.router.app.PlacerLoop;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready as soon as the mesh port is open: a standby is as ready as the holder, and a holder whose
 * database is away must not be restarted for it.
 */
@Readiness
@ApplicationScoped
class PlacerHealth implements HealthCheck {

  private final PlacerLoop placer;
  private final RouterLifecycle lifecycle;

  PlacerHealth(PlacerLoop placer, RouterLifecycle lifecycle) {
    this.placer = placer;
    this.lifecycle = lifecycle;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("placer")
        .status(lifecycle.serving())
        .withData("role", placer.holding() ? "holder" : "standby")
        .withData("databaseAwayMillis", placer.awayMillis())
        .build();
  }
}
