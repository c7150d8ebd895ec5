package dev.weft.platform.discovery;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.loadbalancer.poweroftwochoices.PowerOfTwoChoicesConfiguration;
import io.smallrye.stork.loadbalancer.poweroftwochoices.PowerOfTwoChoicesLoadBalancerProvider;
import io.smallrye.stork.utils.ServiceInstanceIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one role. A replica keeps its identity over updates, so that Stork's balancer
 * keeps counting its calls.
 */
final class Replicas {

  private static final Comparator<HostPort> ORDER =
      Comparator.comparing(HostPort::host).thenComparingInt(HostPort::port);

  private record Known(List<HostPort> addresses, List<ServiceInstance> instances) {}

  private final LoadBalancer balancer =
      new PowerOfTwoChoicesLoadBalancerProvider()
          .createLoadBalancer(
              new PowerOfTwoChoicesConfiguration(),
              () -> {
                throw new IllegalStateException("the balancer is given its instances");
              });
  private volatile Known known = new Known(List.of(), List.of());

  List<HostPort> addresses() {
    return known.addresses();
  }

  /** Takes what is known now; an empty list says only that nobody knows, and changes nothing. */
  synchronized void update(List<HostPort> found) {
    if (found.isEmpty()) {
      return;
    }
    List<HostPort> sorted = found.stream().distinct().sorted(ORDER).toList();
    Known old = known;
    if (sorted.equals(old.addresses())) {
      return;
    }
    List<ServiceInstance> instances = new ArrayList<>(sorted.size());
    for (HostPort address : sorted) {
      int index = old.addresses().indexOf(address);
      instances.add(index >= 0 ? old.instances().get(index) : instance(address));
    }
    known = new Known(sorted, List.copyOf(instances));
  }

  private static ServiceInstance instance(HostPort address) {
    return new DefaultServiceInstance(
        ServiceInstanceIds.next(), address.host(), address.port(), true);
  }

  Optional<ServiceDirectory.Pick> pick() {
    List<ServiceInstance> instances = known.instances();
    return instances.isEmpty()
        ? Optional.empty()
        : Optional.of(new Picked(balancer.selectServiceInstance(instances)));
  }

  private record Picked(ServiceInstance instance) implements ServiceDirectory.Pick {
    @Override
    public HostPort address() {
      return new HostPort(instance.getHost(), instance.getPort());
    }

    @Override
    public void started() {
      if (instance.gatherStatistics()) {
        instance.recordStart(true);
      }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
      if (instance.gatherStatistics()) {
        instance.recordReply();
        instance.recordEnd(failure);
      }
    }
  }
}
