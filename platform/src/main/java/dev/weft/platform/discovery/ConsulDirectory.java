package dev.weft.platform.discovery;

import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.ServiceInstance;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.ConsulClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Polls Consul for each role. What was known last goes on serving while Consul is away, or has
 * restarted empty and nobody has registered yet.
 */
final class ConsulDirectory implements ServiceDirectory {

  private static final Logger LOG = Logger.getLogger(ConsulDirectory.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Until something is known, a process that starts must not wait a whole interval. */
  private static final Duration FIRST_INTERVAL = Duration.ofMillis(250);

  private final Vertx vertx;
  private final ConsulAccess access;
  private final ConsulClient client;
  private final Map<String, Watched> byRole = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean away;

  ConsulDirectory(Vertx vertx, ConsulAccess access, List<String> roles) {
    this.vertx = vertx;
    this.access = access;
    this.client = access.client(vertx);
    roles.forEach(this::watched);
  }

  private static final class Watched {
    final Replicas replicas = new Replicas();
    final ServiceDiscovery discovery;

    Watched(ServiceDiscovery discovery) {
      this.discovery = discovery;
    }
  }

  @Override
  public List<HostPort> addresses(String role) {
    return watched(role).replicas.addresses();
  }

  @Override
  public Optional<Pick> pick(String role) {
    return watched(role).replicas.pick();
  }

  private Watched watched(String role) {
    Watched existing = byRole.get(role);
    if (existing != null) {
      return existing;
    }
    Watched made = new Watched(new ConsulDiscovery(client, ConsulAccess.serviceName(role)));
    Watched other = byRole.putIfAbsent(role, made);
    if (other != null) {
      return other;
    }
    poll(made);
    return made;
  }

  private void poll(Watched watched) {
    if (closed) {
      return;
    }
    watched
        .discovery
        .getServiceInstances()
        .subscribe()
        .with(
            found -> {
              back();
              watched.replicas.update(addressesOf(found));
              again(watched);
            },
            failure -> {
              failed(failure);
              again(watched);
            });
  }

  private void again(Watched watched) {
    if (!closed) {
      Duration pause = watched.replicas.addresses().isEmpty() ? FIRST_INTERVAL : INTERVAL;
      vertx.setTimer(pause.toMillis(), ignored -> poll(watched));
    }
  }

  private static List<HostPort> addressesOf(List<ServiceInstance> found) {
    List<HostPort> addresses = new ArrayList<>(found.size());
    for (ServiceInstance instance : found) {
      try {
        addresses.add(new HostPort(instance.getHost(), instance.getPort()));
      } catch (IllegalArgumentException e) {
        LOG.warnf("unusable address in Consul: error=%s", e.getMessage());
      }
    }
    return addresses;
  }

  private void back() {
    if (away) {
      away = false;
      LOG.infof("consul answers again: consul=%s", access);
    }
  }

  private void failed(Throwable failure) {
    if (away || closed) {
      return;
    }
    away = true;
    if (ConsulAccess.isRefusal(failure)) {
      LOG.error(new ConsulRefused("discovery", access, failure).getMessage());
    } else {
      LOG.warnf(
          "consul does not answer, last known addresses go on serving: consul=%s error=%s",
          access, failure.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
