package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Workers and their pools over REST. */
public final class FleetApi {

  private final MeshApi mesh;

  public FleetApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** All workers. */
  public List<JsonNode> workers() {
    return mesh.pages("/v1/workers", "workers");
  }

  /** A worker's health page. */
  public JsonNode health(String worker) {
    return mesh.call("GET", "/v1/workers/" + MeshApi.encoded(worker) + "/health", Optional.empty());
  }

  public JsonNode drain(String worker, Optional<String> grace) {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    grace.ifPresent(duration -> request.put("grace", duration));
    return mesh.call(
            "POST", "/v1/workers/" + MeshApi.encoded(worker) + ":drain", Optional.of(request))
        .path("worker");
  }

  /** All pools. */
  public List<JsonNode> pools() {
    List<JsonNode> all = new ArrayList<>();
    mesh.call("GET", "/v1/pools", Optional.empty()).path("pools").forEach(all::add);
    return all;
  }

  /** Sets how many workers a pool should have. */
  public JsonNode resizePool(String name, int desired) {
    ObjectNode request = MeshApi.JSON.createObjectNode().put("desired", desired);
    return mesh.call("PUT", "/v1/pools/" + MeshApi.encoded(name), Optional.of(request))
        .path("pool");
  }
}
