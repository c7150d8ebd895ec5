package dev.weft.worker.join;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the streams are dialled, and the calls that go beside them.
 *
 * @param throughDoor the addresses are the gateway's worker door, so the ones that replicas name
 *     can't be reached
 * @param gatewayDoor through which gateways are reached, by whatever address; empty: directly
 */
public record Endpoints(
    List<String> work,
    List<String> heartbeat,
    List<String> gateway,
    List<String> artifact,
    boolean throughDoor,
    Optional<String> gatewayDoor) {

  private static final int MOST_KNOWN = 4;

  static final Endpoints UNKNOWN =
      new Endpoints(List.of(), List.of(), List.of(), List.of(), false, Optional.empty());

  public Endpoints {
    work = List.copyOf(work);
    heartbeat = List.copyOf(heartbeat);
    gateway = List.copyOf(gateway);
    artifact = List.copyOf(artifact);
  }

  /**
   * These, and behind them the ones known before, since a catalogue that is asked while a replica
   * restarts leaves out the very one that takes over next.
   */
  Endpoints over(Endpoints before) {
    return throughDoor == before.throughDoor
        ? new Endpoints(
            union(work, before.work),
            union(heartbeat, before.heartbeat),
            union(gateway, before.gateway),
            union(artifact, before.artifact),
            throughDoor,
            gatewayDoor)
        : this;
  }

  private static List<String> union(List<String> fresh, List<String> before) {
    return Stream.concat(fresh.stream(), before.stream())
        .distinct()
        .limit(Math.max(MOST_KNOWN, fresh.size()))
        .toList();
  }

  static Endpoints of(dev.weft.proto.join.v1.Endpoints endpoints) {
    return new Endpoints(
        endpoints.getWorkList(),
        endpoints.getHeartbeatList(),
        endpoints.getGatewayList(),
        endpoints.getArtifactList(),
        endpoints.getThroughDoor(),
        Optional.of(endpoints.getGatewayDoor()).filter(door -> !door.isEmpty()));
  }
}
