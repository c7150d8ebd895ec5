package dev.weft.gateway;

import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.HolderLink;
import dev.weft.gateway.forward.HolderProbe;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.gateway.forward.MeshView;
import dev.weft.gateway.grpc.MeshCertificateService;
import dev.weft.gateway.grpc.MeshSecretService;
import dev.weft.gateway.grpc.WorkerEndpoints;
import dev.weft.gateway.session.MeshSessionService;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.proto.join.v1.Endpoints;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;

/** The mesh behind the door: who this gateway is there, and whom it talks to. */
@Singleton
class MeshBeans {

  static final String ROUTER = "router";
  static final String REGISTRY = "registry";
  static final String GATEWAY = "gateway";
  static final String ARTIFACT = "artifact";
  static final String SCALER = "scaler";

  private final GatewayConfig config;

  MeshBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  MeshRuntime mesh(Vertx vertx, OpenTelemetry telemetry, MeterRegistry meters) {
    MeshRuntime mesh =
        MeshRuntime.open(
            config,
            GATEWAY,
            vertx,
            MeshTelemetry.of(
                telemetry,
                meters,
                StoreServiceGrpc.getStoreArtifactMethod(),
                StoreServiceGrpc.getFetchArtifactMethod(),
                StoreServiceGrpc.getStoreBlobsMethod(),
                StoreServiceGrpc.getFetchBlobsMethod()));
    // Looked for from now on: the first worker that joins is told where the others are.
    Stream.of(ROUTER, REGISTRY, GATEWAY, ARTIFACT, SCALER).forEach(mesh.directory()::addresses);
    return mesh;
  }

  @Produces
  @Singleton
  @Named("cell")
  Holder cell(MeshRuntime mesh) {
    return new HolderLink(mesh.holder(ROUTER));
  }

  @Produces
  @Singleton
  @Named("scaler")
  Holder scaler(MeshRuntime mesh) {
    return new HolderLink(mesh.holder(SCALER));
  }

  @Produces
  @Singleton
  @Named("registry")
  Holder registry(MeshRuntime mesh) {
    return new HolderLink(mesh.holder(REGISTRY));
  }

  @Produces
  @Singleton
  HolderProbe probe(@Named("cell") Holder cell, @Named("registry") Holder registry, Later later) {
    return new HolderProbe(cell, registry, later);
  }

  @Produces
  @Singleton
  MeshCertificateService certificates(JoinDesk desk, WorkerEndpoints endpoints) {
    return new MeshCertificateService(desk, endpoints, Peer::current);
  }

  @Produces
  @Singleton
  MeshSecretService secretService(JoinDesk desk, @Named("cell") Holder cell, SecretDesk secrets) {
    return new MeshSecretService(desk, new LeaseCheck(cell), secrets, Peer::current);
  }

  @Produces
  @Singleton
  WorkerServices workerServices(
      MeshCertificateService certificates, MeshSecretService secrets, MeshSessionService sessions) {
    return new WorkerServices(
        List.of(
            MeshService.of(certificates, CertificateAuthority.WORKER_ROLE),
            MeshService.of(secrets, CertificateAuthority.WORKER_ROLE),
            MeshService.of(sessions, CertificateAuthority.WORKER_ROLE, GATEWAY)));
  }

  @Produces
  @Singleton
  MeshView view(
      MeshRuntime mesh,
      @Named("cell") Holder cell,
      @Named("registry") Holder registry,
      @Named("store") Holder store,
      @Named("scaler") Holder scaler) {
    return new MeshView(
        config.nodeId(),
        version(),
        role -> addresses(mesh, role),
        new MeshView.Parts(cell, registry, store, scaler));
  }

  @Produces
  @Singleton
  WorkerEndpoints endpoints(MeshRuntime mesh) {
    return () -> {
      boolean door = config.workerEndpoints() == GatewayConfig.EndpointKind.DOOR;
      GatewayConfig.WorkerDoor doors = config.door();
      return Endpoints.newBuilder()
          .addAllWork(door ? behind(doors.workPort()) : addresses(mesh, ROUTER))
          .addAllHeartbeat(door ? behind(doors.heartbeatPort()) : addresses(mesh, REGISTRY))
          .addAllArtifact(door ? behind(doors.artifactPort()) : addresses(mesh, ARTIFACT))
          .addAllGateway(gateways(mesh))
          .setGatewayDoor(door ? String.join("", behind(doors.gatewayPort())) : "")
          .setThroughDoor(door)
          .build();
    };
  }

  /** The door that stands for a role; nothing where it is off. */
  private List<String> behind(int port) {
    GatewayConfig.WorkerDoor doors = config.door();
    return port == 0 ? List.of() : List.of(doors.advertiseHost().orElse(doors.host()) + ":" + port);
  }

  /** This gateway first: whoever asked can reach it. */
  private static List<String> gateways(MeshRuntime mesh) {
    return Stream.concat(Stream.of(mesh.advertised().toString()), addresses(mesh, GATEWAY).stream())
        .distinct()
        .toList();
  }

  private static List<String> addresses(MeshRuntime mesh, String role) {
    return mesh.directory().addresses(role).stream().map(HostPort::toString).toList();
  }

  private static String version() {
    String version = MeshBeans.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
