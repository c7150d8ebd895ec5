package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Agents over REST; what is said in their sessions goes over {@link SessionFollower}. */
public final class AgentApi {
  private static final String AGENTS = "/v1/agents";
  private static final int PAGE = 1000;

  private final MeshApi mesh;

  public AgentApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** Makes an agent; the same request id is the same agent. */
  public JsonNode spawn(ObjectNode spec, String requestId) {
    ObjectNode request = MeshApi.JSON.createObjectNode().put("requestId", requestId);
    request.set("spec", spec);
    return mesh.call("POST", AGENTS, Optional.of(request)).path("agent");
  }

  public JsonNode get(String agentId) {
    return mesh.call("GET", path(agentId), Optional.empty()).path("agent");
  }

  /**
   * Newest first.
   *
   * @param states only these, without the enum's prefix; none: all
   */
  public List<JsonNode> list(int limit, List<String> states) {
    StringBuilder filter = new StringBuilder();
    states.forEach(state -> filter.append("&states=AGENT_STATE_").append(MeshApi.encoded(state)));
    List<JsonNode> all = new ArrayList<>();
    String pageToken = "";
    do {
      String query = "?pageSize=" + Math.min(PAGE, limit - all.size()) + filter;
      if (!pageToken.isEmpty()) {
        query += "&pageToken=" + MeshApi.encoded(pageToken);
      }
      JsonNode page = mesh.call("GET", AGENTS + query, Optional.empty());
      page.path("agents").forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }

  public JsonNode hibernate(String agentId) {
    return steer(agentId, "hibernate", MeshApi.JSON.createObjectNode());
  }

  public JsonNode wake(String agentId) {
    return steer(agentId, "wake", MeshApi.JSON.createObjectNode());
  }

  public JsonNode terminate(String agentId, String reason) {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    return steer(agentId, "terminate", reason.isEmpty() ? request : request.put("reason", reason));
  }

  /** Its workspace, stored now if it runs; the same request id is the same snapshot. */
  public JsonNode snapshot(String agentId, String requestId) {
    ObjectNode request = MeshApi.JSON.createObjectNode().put("requestId", requestId);
    return mesh.call("POST", path(agentId) + ":snapshot", Optional.of(request)).path("snapshot");
  }

  /** Makes an agent with its workspace; the same request id is the same agent. */
  public JsonNode fork(String agentId, String name, String requestId) {
    ObjectNode request =
        MeshApi.JSON.createObjectNode().put("requestId", requestId).put("displayName", name);
    return steer(agentId, "fork", request);
  }

  /** The keys that it remembers. */
  public JsonNode memory(String agentId) {
    return mesh.call("GET", path(agentId) + "/memory", Optional.empty()).path("entries");
  }

  /** What it remembers by a key. */
  public byte[] memory(String agentId, String key) {
    JsonNode value = mesh.call("GET", memoryPath(agentId, key), Optional.empty()).path("value");
    try {
      return value.isTextual() ? value.binaryValue() : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway's answer: a value that is not base64", e);
    }
  }

  public void remember(String agentId, String key, byte[] value) {
    ObjectNode request = MeshApi.JSON.createObjectNode().put("value", value);
    mesh.call("PUT", memoryPath(agentId, key), Optional.of(request));
  }

  public void forget(String agentId, String key) {
    mesh.call("DELETE", memoryPath(agentId, key), Optional.empty());
  }

  private static String memoryPath(String agentId, String key) {
    return path(agentId) + "/memory/" + MeshApi.encoded(key);
  }

  private JsonNode steer(String agentId, String wish, ObjectNode request) {
    return mesh.call("POST", path(agentId) + ":" + wish, Optional.of(request)).path("agent");
  }

  private static String path(String agentId) {
    return AGENTS + "/" + MeshApi.encoded(agentId);
  }
}
