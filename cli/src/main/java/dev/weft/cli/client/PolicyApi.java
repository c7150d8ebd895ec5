package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The placement policy over REST. */
public final class PolicyApi {
  private static final String POLICY = "/v1/placement/policy";
  private static final int LISTED_AT_ONCE = 1000;

  private final MeshApi mesh;

  public PolicyApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  public JsonNode inForce() {
    return mesh.call("GET", POLICY, Optional.empty()).path("policy");
  }

  public JsonNode version(int version) {
    return mesh.call("GET", POLICY + "?version=" + version, Optional.empty()).path("policy");
  }

  /** Newest first. */
  public List<JsonNode> list(int limit) {
    List<JsonNode> all = new ArrayList<>();
    String pageToken = "";
    do {
      int size = Math.min(LISTED_AT_ONCE, limit - all.size());
      String path = "/v1/placement/policies?pageSize=" + size;
      if (!pageToken.isEmpty()) {
        path += "&pageToken=" + MeshApi.encoded(pageToken);
      }
      JsonNode page = mesh.call("GET", path, Optional.empty());
      page.path("policies").forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }

  /** How recorded tasks would have fared; see {@code POST /v1/placement:replay}. */
  public JsonNode replay(ObjectNode question) {
    return mesh.call("POST", "/v1/placement:replay", Optional.of(question));
  }

  /** Puts a policy in force; with its request id it is one change however often it is sent. */
  public JsonNode set(ObjectNode request) {
    return mesh.call("PUT", POLICY, Optional.of(request)).path("policy");
  }
}
