package dev.weft.router;

import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.grpc.FleetFollower;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Start as a list, and stop as the list backwards. */
@Singleton
class RouterLifecycle {

  /** What is served, and to whom. */
  record Services(List<MeshService> all) {}

  private static final Duration STEP = Duration.ofSeconds(5);

  private final MeshRuntime mesh;
  private final PlacerLoop placer;
  private final CellLease lease;
  private final FleetFollower fleet;
  private final List<MeshService> services;
  private final GracefulStop stop;

  RouterLifecycle(
      RouterConfig config,
      MeshRuntime mesh,
      PlacerLoop placer,
      CellLease lease,
      FleetFollower fleet,
      Services services) {
    this.mesh = mesh;
    this.placer = placer;
    this.lease = lease;
    this.fleet = fleet;
    this.services = services.all();
    this.stop =
        GracefulStop.builder()
            .step("stop taking", STEP, mesh::stopTaking)
            .step("flush", STEP, placer::close)
            .step("release the cell", STEP.multipliedBy(2), lease::close)
            .step("deregister", STEP, mesh::deregister)
            .step("drain", config.stopGrace().plus(STEP), () -> mesh.drain(config.stopGrace()))
            .step("close", STEP, this::close)
            .build();
  }

  void start(@Observes StartupEvent event) {
    placer.start();
    fleet.start();
    mesh.serve(services, MeshServer.Builder::directExecutor);
    lease.start();
  }

  void stop(@Observes ShutdownEvent event) {
    stop.run();
  }

  boolean serving() {
    return mesh.isServing();
  }

  private void close() {
    fleet.close();
    mesh.close();
  }
}
