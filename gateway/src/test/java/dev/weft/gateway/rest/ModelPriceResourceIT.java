package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.weft.gateway.testing.FakeModelPrices;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.costs.v1.ListModelPricesRequest;
import dev.weft.proto.costs.v1.ModelPriceServiceGrpc;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What models' tokens cost, through a real gateway. */
class ModelPriceResourceIT {

  private static final String PATH = "/v1/model-prices";

  private final FakeModelPrices prices = neighbourhood().modelPrices;

  @BeforeEach
  void forget() {
    prices.changes.clear();
    prices.dropped.clear();
    prices.versions.clear();
  }

  @Test
  void anAdministratorSetsOneInItsOwnName() {
    put("{\"model\": \"acme/small\", \"currencyCode\": \"USD\", \"inputMicros\": \"3000000\","
            + " \"outputMicros\": 15000000}")
        .statusCode(200)
        .body("price.model", equalTo("acme/small"))
        .body("price.version", equalTo("8"));

    assertThat(prices.changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.getInputMicros()).isEqualTo(3_000_000);
              assertThat(change.getOutputMicros()).isEqualTo(15_000_000);
              assertThat(change.getCurrencyCode()).isEqualTo("USD");
              assertThat(change.getAuthor()).startsWith("acme/");
            });
  }

  @Test
  void whoReadsCostsReadsTheTableAndItsVersions() {
    String reader = Tenants.token("tasks.read");
    with(reader)
        .get(PATH + "?version=7")
        .then()
        .statusCode(200)
        .body("version", equalTo("7"))
        .body("prices[0].inputMicros", equalTo("3000000"));
    with(reader).get(PATH).then().statusCode(200);
    with(reader).get(PATH + "?version=old").then().statusCode(400);
    assertThat(prices.versions).containsExactly(7L, 0L);
  }

  @Test
  void onlyAnAdministratorChangesThem() {
    String writer = Tenants.token("tasks.write");
    with(writer)
        .contentType("application/json")
        .body("{\"model\": \"small\", \"currencyCode\": \"USD\"}")
        .put(PATH)
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("mesh.admin"));
    with(writer).delete(PATH + "?model=acme/small").then().statusCode(403);
    assertThat(prices.changes).isEmpty();
    assertThat(prices.dropped).isEmpty();
  }

  @Test
  void whatHasNoPriceIsNotFound() {
    request()
        .delete(PATH + "?model=unheard")
        .then()
        .statusCode(404)
        .body("reason", equalTo("MODEL_PRICE_NOT_FOUND"))
        .body("detail", containsString("price of unheard: none"));
    request()
        .delete(PATH + "?model=acme/small")
        .then()
        .statusCode(200)
        .body("version", equalTo("9"));
    assertThat(prices.dropped).hasSize(2);
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "{\"currencyCode\": \"USD\"}", "model:  (expected: 1..128 ASCII characters",
            "{\"model\": \"größe\", \"currencyCode\": \"USD\"}", "model: größe (expected: 1..128",
            "{\"model\": \"small\"}", "currency_code:  (expected: a code of ISO 4217",
            "{\"model\": \"small\", \"currencyCode\": \"QQQ\"}", "currency_code: QQQ (expected:",
            "{\"model\": \"small\", \"currencyCode\": \"USD\", \"inputMicros\": -1}",
                "input_micros: -1 (expected: 0..1000000000000)",
            "{\"model\": \"small\", \"currencyCode\": \"USD\", \"outputMicros\": 1000000000001}",
                "output_micros: 1000000000001 (expected: 0..1000000000000)");
    wrong.forEach(
        (body, words) ->
            put(body)
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
    request().delete(PATH).then().statusCode(400).body("detail", containsString("model: "));
    assertThat(prices.changes).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = ModelPriceServiceGrpc.newBlockingStub(door.authorized());
      assertThat(stub.listModelPrices(ListModelPricesRequest.getDefaultInstance()).getVersion())
          .isEqualTo(7);
    }
  }

  private static io.restassured.response.ValidatableResponse put(String body) {
    return request().contentType("application/json").body(body).put(PATH).then();
  }
}
