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
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.ServiceDirectory;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.proto.join.v1.Endpoints;
import jakarta.enterprise.inject.Disposes;
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
  MeshIdentity identity() {
    GatewayConfig.Mesh mesh = config.mesh();
    return MeshIdentity.fromFiles(mesh.certFile(), mesh.keyFile(), mesh.caFile());
  }

  @Produces
  @Singleton
  MeshLoops loops() {
    return new MeshLoops();
  }

  void closeLoops(@Disposes MeshLoops loops) {
    loops.close();
  }

  @Produces
  @Singleton
  MeshChannels channels(MeshIdentity identity, MeshLoops loops, MeshWatchers watchers) {
    return new MeshChannels(identity, loops, watchers.client());
  }

  void closeChannels(@Disposes MeshChannels channels) {
    channels.close();
  }

  @Produces
  @Singleton
  @Named("cell")
  Holder cell(ServiceDirectory neighbours, MeshChannels channels) {
    return new HolderLink(new HolderClient(ROUTER, () -> neighbours.addresses(ROUTER), channels));
  }

  /** Connections of their own: many watch, and no submission waits for them. */
  @Produces
  @Singleton
  @Named("cellWatches")
  Holder cellWatches(ServiceDirectory neighbours, MeshChannels channels) {
    return new HolderLink(new HolderClient(ROUTER, () -> neighbours.addresses(ROUTER), channels));
  }

  @Produces
  @Singleton
  @Named("scaler")
  Holder scaler(ServiceDirectory neighbours, MeshChannels channels) {
    return new HolderLink(new HolderClient(SCALER, () -> neighbours.addresses(SCALER), channels));
  }

  @Produces
  @Singleton
  @Named("registry")
  Holder registry(ServiceDirectory neighbours, MeshChannels channels) {
    return new HolderLink(
        new HolderClient(REGISTRY, () -> neighbours.addresses(REGISTRY), channels));
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
  MeshView view(
      ServiceDirectory neighbours,
      @Named("cell") Holder cell,
      @Named("registry") Holder registry,
      @Named("store") Holder store,
      @Named("scaler") Holder scaler) {
    return new MeshView(
        config.nodeId(),
        version(),
        role -> neighbours.addresses(role).stream().map(HostPort::toString).toList(),
        new MeshView.Parts(cell, registry, store, scaler));
  }

  @Produces
  @Singleton
  WorkerEndpoints endpoints(ServiceDirectory neighbours) {
    return () -> {
      boolean door = config.workerEndpoints() == GatewayConfig.EndpointKind.DOOR;
      GatewayConfig.WorkerDoor doors = config.door();
      return Endpoints.newBuilder()
          .addAllWork(door ? behind(doors.workPort()) : texts(neighbours.addresses(ROUTER)))
          .addAllHeartbeat(
              door ? behind(doors.heartbeatPort()) : texts(neighbours.addresses(REGISTRY)))
          .addAllArtifact(
              door ? behind(doors.artifactPort()) : texts(neighbours.addresses(ARTIFACT)))
          .addAllGateway(gateways(neighbours))
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
  private List<String> gateways(ServiceDirectory neighbours) {
    return Stream.concat(
            Stream.of(advertised(config)), texts(neighbours.addresses(GATEWAY)).stream())
        .distinct()
        .toList();
  }

  static String advertised(GatewayConfig config) {
    return config.mesh().advertise().orElse(config.mesh().host() + ":" + config.mesh().port());
  }

  private static List<String> texts(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).toList();
  }

  private static String version() {
    String version = MeshBeans.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
