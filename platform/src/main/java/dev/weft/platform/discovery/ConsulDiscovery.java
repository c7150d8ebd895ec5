package dev.weft.platform.discovery;

import io.smallrye.mutiny.Uni;
import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.utils.ServiceInstanceIds;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ServiceEntry;
import java.util.List;

/**
 * Stork's view of one service in Consul. Stork's own adapter sends the ACL token over TLS only and
 * fails on duplicate tags; this one does neither.
 */
final class ConsulDiscovery implements ServiceDiscovery {

  private final ConsulClient client;
  private final String serviceName;

  ConsulDiscovery(ConsulClient client, String serviceName) {
    this.client = client;
    this.serviceName = serviceName;
  }

  @Override
  public Uni<List<ServiceInstance>> getServiceInstances() {
    return Uni.createFrom()
        .completionStage(() -> client.healthServiceNodes(serviceName, true).toCompletionStage())
        .map(found -> found.getList().stream().map(ConsulDiscovery::instance).toList());
  }

  private static ServiceInstance instance(ServiceEntry entry) {
    String address = entry.getService().getAddress();
    return new DefaultServiceInstance(
        ServiceInstanceIds.next(),
        address == null || address.isBlank() ? entry.getNode().getAddress() : address,
        entry.getService().getPort(),
        true);
  }
}
