package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Costs over REST. */
public final class CostApi {
  private static final int LISTED_AT_ONCE = 1000;

  private final MeshApi mesh;

  public CostApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /**
   * An answer.
   *
   * @param lines in the gateway's order
   * @param budgets of the tenants asked about; none for a single task
   */
  public record Costs(List<JsonNode> lines, List<JsonNode> budgets) {

    /** As the gateway would answer at once. */
    public JsonNode json() {
      ObjectNode all = MeshApi.JSON.createObjectNode();
      lines.forEach(all.putArray("costLines")::add);
      budgets.forEach(all.putArray("budgets")::add);
      return all;
    }
  }

  /**
   * What was spent, and what may be.
   *
   * @param question parameters of {@code GET /v1/costs}, but for those of pages
   * @param limit at most so many, but all of a group's currencies
   */
  public Costs list(Map<String, String> question, int limit) {
    String query = query(question);
    List<JsonNode> all = new ArrayList<>();
    List<JsonNode> budgets = new ArrayList<>();
    String pageToken = "";
    do {
      int size = Math.min(LISTED_AT_ONCE, Math.max(1, limit - all.size()));
      String path = "/v1/costs?pageSize=" + size + query;
      if (!pageToken.isEmpty()) {
        path += "&pageToken=" + MeshApi.encoded(pageToken);
      }
      JsonNode page = mesh.call("GET", path, Optional.empty());
      page.path("costLines").forEach(all::add);
      page.path("budgets").forEach(budgets::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return new Costs(all, budgets);
  }

  /**
   * The gateway's estimate of what agents cost.
   *
   * @param question parameters of {@code GET /v1/costs:estimate}, but for providers
   * @param providers none for all
   */
  public JsonNode estimate(Map<String, String> question, List<String> providers) {
    StringBuilder query = new StringBuilder(query(question));
    providers.forEach(name -> query.append("&providers=").append(MeshApi.encoded(name)));
    String path = "/v1/costs:estimate" + query.toString().replaceFirst("^&", "?");
    return mesh.call("GET", path, Optional.empty());
  }

  private static String query(Map<String, String> question) {
    StringBuilder query = new StringBuilder();
    question.forEach(
        (name, value) -> query.append('&').append(name).append('=').append(MeshApi.encoded(value)));
    return query.toString();
  }
}
