package dev.weft.gateway;

import dev.weft.gateway.door.ConnectGuide;
import dev.weft.gateway.door.Guide;
import dev.weft.gateway.door.Turns;
import dev.weft.gateway.door.WorkerDoor;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.HolderProbe;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.mesh.MeshRuntime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The worker doors that are switched on. */
@Singleton
class WorkerDoors {

  private static final long PATIENCE_SECONDS = 5;
  private static final Duration HEAD_PATIENCE = Duration.ofSeconds(5);

  private final GatewayConfig.WorkerDoor config;
  private final Vertx vertx;
  private final MeshRuntime mesh;
  private final Holder cell;
  private final Holder registry;
  private final HolderProbe probe;
  private final List<WorkerDoor> open = new ArrayList<>();

  WorkerDoors(
      GatewayConfig config,
      Vertx vertx,
      MeshRuntime mesh,
      @Named("cell") Holder cell,
      @Named("registry") Holder registry,
      HolderProbe probe) {
    this.config = config.door();
    this.vertx = vertx;
    this.mesh = mesh;
    this.cell = cell;
    this.registry = registry;
    this.probe = probe;
  }

  void open() throws Exception {
    open(MeshBeans.ROUTER, Guide.to(() -> targets(MeshBeans.ROUTER, cell)), config.workPort());
    open(
        MeshBeans.REGISTRY,
        Guide.to(() -> targets(MeshBeans.REGISTRY, registry)),
        config.heartbeatPort());
    if (!open.isEmpty()) {
      probe.start();
    }
    open(
        MeshBeans.ARTIFACT,
        Guide.to(new Turns(() -> texts(mesh.directory().addresses(MeshBeans.ARTIFACT)))),
        config.artifactPort());
    open(
        MeshBeans.GATEWAY,
        new ConnectGuide(vertx, this::isGateway, HEAD_PATIENCE),
        config.gatewayPort());
  }

  private boolean isGateway(HostPort address) {
    return address.equals(mesh.advertised())
        || mesh.directory().addresses(MeshBeans.GATEWAY).contains(address);
  }

  void close() throws Exception {
    probe.stop();
    Future.join(open.stream().map(WorkerDoor::close).toList())
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void open(String role, Guide guide, int port) throws Exception {
    if (port == 0) {
      return;
    }
    WorkerDoor door =
        new WorkerDoor(
            vertx, new WorkerDoor.Setting(role, guide, config.mostConnections(), config.idle()));
    door.open(config.host(), port)
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    open.add(door);
  }

  private List<String> targets(String role, Holder holder) {
    return Stream.concat(
            Stream.of(holder.lastSeen()), texts(mesh.directory().addresses(role)).stream())
        .filter(address -> !address.isEmpty())
        .distinct()
        .toList();
  }

  private static List<String> texts(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).toList();
  }
}
