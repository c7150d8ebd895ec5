package dev.weft.gateway;

import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.Submission;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Start as a list, and stop as the list backwards. */
@Singleton
class GatewayLifecycle {

  private static final Duration STEP = Duration.ofSeconds(5);
  private static final Duration LAST_CALLS = Duration.ofSeconds(3);

  private final PublicPorts ports;
  private final FirstTenant firstTenant;
  private final MeshRuntime mesh;
  private final WorkerDoors doors;
  private final Housekeeping housekeeping;
  private final WorkerServices services;
  private final SessionDuty sessions;
  private final GracefulStop stop;

  GatewayLifecycle(
      GatewayConfig config,
      PublicPorts ports,
      FirstTenant firstTenant,
      MeshRuntime mesh,
      WorkerDoors doors,
      Housekeeping housekeeping,
      WorkerServices services,
      SessionDuty sessions,
      SubmitCoalescer<Submission, Accepted> submissions) {
    this.ports = ports;
    this.firstTenant = firstTenant;
    this.mesh = mesh;
    this.doors = doors;
    this.housekeeping = housekeeping;
    this.services = services;
    this.sessions = sessions;
    this.stop =
        GracefulStop.builder()
            .step("stop taking", STEP, mesh::stopTaking)
            .step("deregister", STEP, mesh::deregister)
            .step(
                "drain",
                config.stopGrace().plus(STEP),
                () -> drain(submissions, config.stopGrace()))
            .step("close", STEP, this::close)
            .build();
  }

  void start(@Observes StartupEvent event) throws Exception {
    ports.check();
    firstTenant.letIn();
    doors.open();
    housekeeping.start();
    mesh.serve(services.all(), MeshServer.Builder::directExecutor);
    sessions.start();
  }

  void stop(@Observes ShutdownEvent event) {
    stop.run();
  }

  private static void drain(SubmitCoalescer<Submission, Accepted> submissions, Duration grace)
      throws Exception {
    submissions
        .whenEmpty()
        .toCompletableFuture()
        .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS)
        .get();
  }

  private void close() throws Exception {
    housekeeping.stop();
    doors.close();
    mesh.drain(LAST_CALLS);
    mesh.close();
  }
}
