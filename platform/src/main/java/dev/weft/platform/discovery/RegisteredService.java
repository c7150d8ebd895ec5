package dev.weft.platform.discovery;

/**
 * What a process registers.
 *
 * @param role becomes the service name {@code weft-<role>}
 * @param nodeId unique per process
 * @param address where its mesh port is reached
 */
public record RegisteredService(String role, String nodeId, HostPort address) {

  String name() {
    return ConsulAccess.serviceName(role);
  }

  String id() {
    return name() + "-" + nodeId;
  }

  String checkId() {
    return "service:" + id();
  }
}
