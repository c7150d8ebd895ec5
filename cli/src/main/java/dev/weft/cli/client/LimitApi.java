package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Tenants' limits over REST. */
public final class LimitApi {
  private static final String LIMITS = "/v1/limits";

  private final MeshApi mesh;

  public LimitApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** Of the caller's tenant, or of all, with the rate of submissions. */
  public JsonNode list(boolean allTenants) {
    return mesh.call("GET", LIMITS + (allTenants ? "?allTenants=true" : ""), Optional.empty());
  }

  /**
   * @param tier by its name in the contract
   */
  public JsonNode set(String tenant, String tier, int instances) {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    request.put("tier", tier).put("instances", instances);
    return mesh.call("PUT", path(tenant), Optional.of(request)).path("limits");
  }

  public void remove(String tenant) {
    mesh.call("DELETE", path(tenant), Optional.empty());
  }

  private static String path(String tenant) {
    return LIMITS + "/" + MeshApi.encoded(tenant);
  }
}
