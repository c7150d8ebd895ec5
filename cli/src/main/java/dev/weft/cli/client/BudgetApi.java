package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.output.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tenants' budgets over REST. */
public final class BudgetApi {
  private static final String BUDGETS = "/v1/budgets";

  private final MeshApi mesh;

  public BudgetApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** Of the caller's tenant, or of all. */
  public List<JsonNode> list(boolean allTenants) {
    String path = BUDGETS + (allTenants ? "?allTenants=true" : "");
    List<JsonNode> budgets = new ArrayList<>();
    mesh.call("GET", path, Optional.empty()).path("budgets").forEach(budgets::add);
    return budgets;
  }

  /**
   * @param daily null for none in money
   * @param tokens 0 for none in tokens
   */
  public JsonNode set(String tenant, @Nullable Money daily, long tokens) {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    if (daily != null) {
      request
          .put("dailyMicros", Long.toString(daily.micros()))
          .put("currencyCode", daily.currency());
    }
    if (tokens > 0) {
      request.put("dailyTokens", Long.toString(tokens));
    }
    return mesh.call("PUT", path(tenant), Optional.of(request)).path("budget");
  }

  public void remove(String tenant) {
    mesh.call("DELETE", path(tenant), Optional.empty());
  }

  private static String path(String tenant) {
    return BUDGETS + "/" + MeshApi.encoded(tenant);
  }
}
