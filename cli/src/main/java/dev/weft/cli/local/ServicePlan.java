package dev.weft.cli.local;

import java.net.URI;
import java.util.Map;

/**
 * One service process to be: pure data.
 *
 * @param module the folder whose build is run, for example {@code router-svc}
 * @param heapMegabytes most memory of its heap
 * @param environment its settings, with secrets
 * @param ready answers 200 once it is ready
 * @param firstOfItsKind the first replica, the first worker
 */
record ServicePlan(
    String name,
    String role,
    String module,
    int heapMegabytes,
    Map<String, String> environment,
    Map<String, Integer> ports,
    URI ready,
    boolean firstOfItsKind) {
  ServicePlan {
    environment = Map.copyOf(environment);
    ports = Map.copyOf(ports);
  }

  @Override
  public String toString() {
    return name + " " + ports; // The environment holds passwords.
  }
}
