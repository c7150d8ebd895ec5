package dev.weft.gateway;

import dev.weft.gateway.rest.HttpDoor;
import dev.weft.platform.mesh.MeshRuntime;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Lets clients of the public HTTP port go when the gateway stops, while that port still works:
 * sockets are told to go elsewhere, then requests that are being answered are waited for.
 */
@Singleton
class ClientRelease {

  private final MeshRuntime mesh;
  private final SessionDuty sessions;
  private final HttpDoor door;
  private final long graceMillis;

  ClientRelease(GatewayConfig config, MeshRuntime mesh, SessionDuty sessions, HttpDoor door) {
    this.mesh = mesh;
    this.sessions = sessions;
    this.door = door;
    this.graceMillis = config.stopGrace().toMillis();
  }

  /** Afterwards Quarkus closes sockets that are left as if all were well with their agents. */
  void letGo(@Observes ShutdownDelayInitiatedEvent event) {
    mesh.stopTaking();
    sessions.stop();
    door.whenIdle()
        .toCompletableFuture()
        .completeOnTimeout(null, graceMillis, TimeUnit.MILLISECONDS)
        .join();
  }
}
