package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
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
   * Lines in the gateway's order.
   *
   * @param question parameters of {@code GET /v1/costs}, but for those of pages
   * @param limit at most so many, but all of a group's currencies
   */
  public List<JsonNode> list(Map<String, String> question, int limit) {
    StringBuilder query = new StringBuilder();
    question.forEach(
        (name, value) -> query.append('&').append(name).append('=').append(MeshApi.encoded(value)));
    List<JsonNode> all = new ArrayList<>();
    String pageToken = "";
    do {
      int size = Math.min(LISTED_AT_ONCE, Math.max(1, limit - all.size()));
      String path = "/v1/costs?pageSize=" + size + query;
      if (!pageToken.isEmpty()) {
        path += "&pageToken=" + MeshApi.encoded(pageToken);
      }
      JsonNode page = mesh.call("GET", path, Optional.empty());
      page.path("costLines").forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }
}
