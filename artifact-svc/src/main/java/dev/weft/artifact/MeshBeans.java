package dev.weft.artifact;

import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Who this process is in the mesh. */
@Singleton
class MeshBeans {

  static final String ROLE = "artifact";

  /** Opened at its first use, served and closed by {@link ArtifactServer}. */
  @Produces
  @Singleton
  MeshRuntime mesh(
      ArtifactConfig config, OpenTelemetry tracing, MeterRegistry meters, Vertx vertx) {
    return MeshRuntime.open(
        config,
        ROLE,
        vertx,
        MeshTelemetry.of(
            tracing,
            meters,
            StoreServiceGrpc.getStoreArtifactMethod(),
            StoreServiceGrpc.getFetchArtifactMethod(),
            StoreServiceGrpc.getStoreBlobsMethod(),
            StoreServiceGrpc.getFetchBlobsMethod()));
  }
}
