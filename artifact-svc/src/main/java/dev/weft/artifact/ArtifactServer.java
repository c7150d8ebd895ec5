package dev.weft.artifact;

import dev.weft.artifact.mesh.MeshPart;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.mesh.MeshRuntime;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Starts the service and stops it; the order of both is the list in the methods. */
@ApplicationScoped
class ArtifactServer {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ArtifactConfig config;
  private final MeshRuntime mesh;
  private final List<MeshPart> parts;

  ArtifactServer(ArtifactConfig config, MeshRuntime mesh, @All List<MeshPart> parts) {
    this.config = config;
    this.mesh = mesh;
    this.parts = parts;
  }

  void start(@Observes StartupEvent event) {
    parts.forEach(MeshPart::start);
    // Calls wait for files and databases: each has a virtual thread of its own.
    mesh.serve(parts.stream().map(MeshPart::service).toList());
  }

  void stop(@Observes ShutdownEvent event) {
    GracefulStop.builder()
        .step("stop taking", SECOND.multipliedBy(3), this::stopTaking)
        .step("deregister", Duration.ofSeconds(3), mesh::deregister)
        .step("drain", config.stopGrace().plus(SECOND), () -> mesh.drain(config.stopGrace()))
        .step("close", SECOND.multipliedBy(3), this::close)
        .build()
        .run();
  }

  /** Whether calls are taken. */
  boolean isServing() {
    return mesh.isServing();
  }

  private void stopTaking() {
    mesh.stopTaking();
    parts.forEach(MeshPart::stopTaking);
  }

  private void close() {
    parts.forEach(MeshPart::close);
    mesh.close();
  }
}
