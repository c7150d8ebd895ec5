package dev.weft.parts;

import java.nio.file.Path;

/**
 * One Consul server.
 *
 * @param directory its folder: configuration, state, log
 * @param ports all on loopback
 * @param managementToken may do everything; a UUID
 * @param serviceToken may register and find {@code weft-…} services; a UUID
 * @param lifetime whether the server outlives this JVM
 */
public record ConsulSettings(
    Path directory, Ports ports, String managementToken, String serviceToken, Lifetime lifetime) {
  public ConsulSettings {
    directory = directory.toAbsolutePath().normalize();
  }

  /** HTTP API; server RPC; gossip. */
  public record Ports(int http, int server, int serf) {}

  @Override
  public String toString() {
    return "ConsulSettings[directory=" + directory + ", ports=" + ports + "]";
  }
}
