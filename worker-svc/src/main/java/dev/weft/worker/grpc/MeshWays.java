package dev.weft.worker.grpc;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.worker.join.Endpoints;
import io.grpc.ManagedChannel;
import java.util.function.Supplier;

/**
 * How a worker's channels reach the mesh: gateways through their door, where the mesh names one.
 */
public final class MeshWays {

  private static final String GATEWAY = "gateway";

  private final MeshChannels channels;
  private final Supplier<Endpoints> endpoints;

  public MeshWays(MeshChannels channels, Supplier<Endpoints> endpoints) {
    this.channels = channels;
    this.endpoints = endpoints;
  }

  /** Opens a channel that the caller shuts down. */
  public ManagedChannel open(String address, String role) {
    return role.equals(GATEWAY) ? toGateway(address) : channels.open(address, role);
  }

  /** As {@link #open}. */
  public ManagedChannel toGateway(String address) {
    return endpoints
        .get()
        .gatewayDoor()
        .map(door -> channels.openThrough(HostPort.parse(door), HostPort.parse(address), GATEWAY))
        .orElseGet(() -> channels.open(address, GATEWAY));
  }
}
