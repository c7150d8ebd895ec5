package dev.weft.gateway;

import dev.weft.platform.discovery.ConsulAccess;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.RegisteredService;
import dev.weft.platform.discovery.ServiceDirectory;
import dev.weft.platform.discovery.ServiceRegistration;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How the others are found, and how they find this one: by Consul, or by fixed lists where there is
 * none.
 */
@Singleton
class DiscoveryBeans {

  private static final long PATIENCE_SECONDS = 5;

  private final GatewayConfig config;
  private final Vertx vertx;

  DiscoveryBeans(GatewayConfig config, Vertx vertx) {
    this.config = config;
    this.vertx = vertx;
  }

  @Produces
  @Singleton
  ServiceDirectory directory() {
    GatewayConfig.StaticAddresses fixed = config.staticAddresses();
    return consul()
        .map(
            access ->
                ServiceDirectory.consul(
                    vertx,
                    access,
                    List.of(
                        MeshBeans.ROUTER,
                        MeshBeans.REGISTRY,
                        MeshBeans.GATEWAY,
                        MeshBeans.ARTIFACT,
                        MeshBeans.SCALER)))
        .orElseGet(
            () ->
                ServiceDirectory.fixed(
                    Map.of(
                        MeshBeans.ROUTER, parsed(fixed.router()),
                        MeshBeans.REGISTRY, parsed(fixed.registry()),
                        MeshBeans.GATEWAY, parsed(fixed.gateway()),
                        MeshBeans.ARTIFACT, parsed(fixed.artifact()),
                        MeshBeans.SCALER, parsed(fixed.scaler()))));
  }

  void close(@Disposes ServiceDirectory directory) {
    directory.close();
  }

  @Produces
  @Singleton
  Announcement announcement() {
    return consul().map(this::announcement).orElseGet(Announcement.Silent::new);
  }

  private Announcement announcement(ConsulAccess access) {
    ServiceRegistration registration =
        new ServiceRegistration(
            vertx,
            access,
            new RegisteredService(
                MeshBeans.GATEWAY, config.nodeId(), HostPort.parse(MeshBeans.advertised(config))));
    return new Announcement() {
      @Override
      public void make() throws Exception {
        registration.start().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }

      @Override
      public void withdraw() throws Exception {
        registration.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    };
  }

  private Optional<ConsulAccess> consul() {
    GatewayConfig.Consul consul = config.consul();
    return consul.url().map(url -> ConsulAccess.of(url, consul.token()));
  }

  private static List<HostPort> parsed(Optional<List<String>> addresses) {
    return addresses.orElse(List.of()).stream().map(HostPort::parse).toList();
  }
}
