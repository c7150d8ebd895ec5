package dev.weft.worker.join;

import java.util.List;

/**
 * Where the streams are dialled, and the calls that go beside them.
 *
 * @param throughDoor the addresses are the gateway's worker door, so the ones that replicas name
 *     can't be reached
 */
public record Endpoints(
    List<String> work,
    List<String> heartbeat,
    List<String> gateway,
    List<String> artifact,
    boolean throughDoor) {

  public Endpoints {
    work = List.copyOf(work);
    heartbeat = List.copyOf(heartbeat);
    gateway = List.copyOf(gateway);
    artifact = List.copyOf(artifact);
  }

  static Endpoints of(dev.weft.proto.join.v1.Endpoints endpoints) {
    return new Endpoints(
        endpoints.getWorkList(),
        endpoints.getHeartbeatList(),
        endpoints.getGatewayList(),
        endpoints.getArtifactList(),
        endpoints.getThroughDoor());
  }
}
