package dev.weft.gateway;

import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.Submission;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Start as a list, and stop as the list backwards. */
@Singleton
class GatewayLifecycle {

  private static final Duration STEP = Duration.ofSeconds(5);

  private final PublicPorts ports;
  private final FirstTenant firstTenant;
  private final MeshPort meshPort;
  private final WorkerDoors doors;
  private final Housekeeping housekeeping;
  private final Announcement announcement;
  private final GracefulStop stop;

  GatewayLifecycle(
      GatewayConfig config,
      PublicPorts ports,
      FirstTenant firstTenant,
      MeshPort meshPort,
      WorkerDoors doors,
      Housekeeping housekeeping,
      Announcement announcement,
      SubmitCoalescer<Submission, Accepted> submissions) {
    this.ports = ports;
    this.firstTenant = firstTenant;
    this.meshPort = meshPort;
    this.doors = doors;
    this.housekeeping = housekeeping;
    this.announcement = announcement;
    this.stop =
        GracefulStop.builder()
            .step("stop taking", STEP, meshPort::stopTaking)
            .step("deregister", STEP, announcement::withdraw)
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
    meshPort.open();
    doors.open();
    housekeeping.start();
    announcement.make();
  }

  void stop(@Observes ShutdownEvent event) {
    stop.run();
  }

  private static void drain(SubmitCoalescer<Submission, Accepted> submissions, Duration grace)
      throws InterruptedException {
    for (long waited = 0; waited < grace.toMillis() && submissions.held() > 0; waited += 20) {
      Thread.sleep(20);
    }
  }

  private void close() throws Exception {
    housekeeping.stop();
    doors.close();
    meshPort.close(Duration.ofSeconds(3));
  }
}
