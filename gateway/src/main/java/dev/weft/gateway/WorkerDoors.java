package dev.weft.gateway;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The worker doors that are switched on. */
@Singleton
class WorkerDoors {

  private static final long PATIENCE_SECONDS = 5;

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
    open(MeshBeans.ROUTER, () -> targets(MeshBeans.ROUTER, cell), config.workPort());
    open(MeshBeans.REGISTRY, () -> targets(MeshBeans.REGISTRY, registry), config.heartbeatPort());
    if (!open.isEmpty()) {
      probe.start();
    }
    open(
        MeshBeans.ARTIFACT,
        new Turns(() -> texts(mesh.directory().addresses(MeshBeans.ARTIFACT))),
        config.artifactPort());
  }

  void close() throws Exception {
    probe.stop();
    Future.join(open.stream().map(WorkerDoor::close).toList())
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void open(String role, Supplier<List<String>> targets, int port) throws Exception {
    if (port == 0) {
      return;
    }
    WorkerDoor door =
        new WorkerDoor(
            vertx, new WorkerDoor.Setting(role, targets, config.mostConnections(), config.idle()));
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
