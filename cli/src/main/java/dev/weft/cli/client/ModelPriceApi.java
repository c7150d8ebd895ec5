package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What models' tokens cost, over REST. */
public final class ModelPriceApi {
  private static final String PRICES = "/v1/model-prices";

  private final MeshApi mesh;

  public ModelPriceApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /**
   * The table.
   *
   * @param version 0 for the newest
   */
  public JsonNode list(int version) {
    String path = version == 0 ? PRICES : PRICES + "?version=" + version;
    return mesh.call("GET", path, Optional.empty());
  }

  /**
   * @param input millionths of the currency's unit for a million tokens that go in
   * @param output the same for a million that come out
   */
  public JsonNode set(String model, long input, long output, String currency) {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    request
        .put("model", model)
        .put("currencyCode", currency)
        .put("inputMicros", Long.toString(input))
        .put("outputMicros", Long.toString(output));
    return mesh.call("PUT", PRICES, Optional.of(request)).path("price");
  }

  public void remove(String model) {
    mesh.call("DELETE", PRICES + "?model=" + MeshApi.encoded(model), Optional.empty());
  }
}
