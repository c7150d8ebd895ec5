package dev.weft.gateway;

import dev.weft.platform.discovery.HostPort;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the others are found. */
@Singleton
class DiscoveryBeans {

  private final GatewayConfig config;

  DiscoveryBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  Neighbours neighbours() {
    GatewayConfig.StaticAddresses fixed = config.staticAddresses();
    Map<String, List<HostPort>> byRole =
        Map.of(
            MeshBeans.ROUTER, parsed(fixed.router()),
            MeshBeans.REGISTRY, parsed(fixed.registry()),
            MeshBeans.GATEWAY, parsed(fixed.gateway()));
    return role -> byRole.getOrDefault(role, List.of());
  }

  @Produces
  @Singleton
  Announcement announcement() {
    return new Announcement() {
      @Override
      public void make() {}

      @Override
      public void withdraw() {}
    };
  }

  private static List<HostPort> parsed(Optional<List<String>> addresses) {
    return addresses.orElse(List.of()).stream().map(HostPort::parse).toList();
  }
}
