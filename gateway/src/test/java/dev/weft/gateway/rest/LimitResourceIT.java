package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.weft.gateway.testing.FakeLimits;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.limits.v1.GetLimitsRequest;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import dev.weft.proto.limits.v1.ListLimitsRequest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants' limits through a real gateway. */
class LimitResourceIT {

  private final FakeLimits limits = neighbourhood().limits;

  @BeforeEach
  void forget() {
    limits.changes.clear();
    limits.dropped.clear();
  }

  @Test
  void anAdministratorSetsATierInItsOwnName() {
    request()
        .contentType("application/json")
        .body("{\"tier\": \"TIER_ENTERPRISE\", \"instances\": 3}")
        .put("/v1/limits/globex")
        .then()
        .statusCode(200)
        .body("limits.tenantId", equalTo("globex"))
        .body("limits.tier", equalTo("TIER_ENTERPRISE"))
        .body("limits.classes[0].limit.cpuMilli", equalTo("4000"));

    assertThat(limits.changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.getTenant()).isEqualTo("globex");
              assertThat(change.getInstances()).isEqualTo(3);
              assertThat(change.getAuthor()).startsWith("acme/");
            });
  }

  @Test
  void withoutANumberTheLimitsAreThoseOfOneInstance() {
    request()
        .contentType("application/json")
        .body("{\"tier\": \"TIER_FREE\"}")
        .put("/v1/limits/acme")
        .then()
        .statusCode(200);
    assertThat(limits.changes).singleElement().matches(change -> change.getInstances() == 1);
  }

  @Test
  void aTenantSeesItsOwnAndNoOtherAndHowOftenItMaySubmit() {
    String reader = Tenants.token("tasks.read");
    with(reader)
        .get("/v1/limits")
        .then()
        .statusCode(200)
        .body("limits", hasSize(1))
        .body("submissions.perSecond", equalTo("100000"))
        .body("submissions.burst", equalTo("200000"))
        .body("limits[0].rates[0].resource", equalTo("RATED_RESOURCE_LLM_TOKENS"))
        .body("limits[0].rates[0].windowSeconds", equalTo(60))
        .body("limits[0].rates[0].classes[6].limit", equalTo("100"))
        .body("limits[0].rates[0].userLimit", equalTo("400"));
    with(reader).get("/v1/limits/acme").then().body("limits.classes[0].used.slots", equalTo("1"));
    for (String other : new String[] {"/v1/limits/globex", "/v1/limits?allTenants=true"}) {
      with(reader).get(other).then().statusCode(403).body("metadata.scope", equalTo("mesh.admin"));
    }
    with(Tenants.stranger()).get("/v1/limits").then().body("limits", hasSize(0));
    request().get("/v1/limits?allTenants=true").then().body("limits", hasSize(2));
  }

  @Test
  void onlyAnAdministratorChangesThem() {
    String writer = Tenants.token("tasks.write");
    with(writer)
        .contentType("application/json")
        .body("{\"tier\": \"TIER_FREE\"}")
        .put("/v1/limits/acme")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("mesh.admin"));
    with(writer).delete("/v1/limits/acme").then().statusCode(403);
    assertThat(limits.changes).isEmpty();
    assertThat(limits.dropped).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    request()
        .get("/v1/limits/nobody")
        .then()
        .statusCode(404)
        .body("reason", equalTo("LIMITS_NOT_FOUND"))
        .body("detail", containsString("limits of nobody: none"));
    request().delete("/v1/limits/nobody").then().statusCode(404);
    request().delete("/v1/limits/acme").then().statusCode(200);
    assertThat(limits.dropped).containsExactly("nobody", "acme");
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "{}", "tier: 0 (expected: TIER_FREE, TIER_BASIC, TIER_PREMIUM or TIER_ENTERPRISE)",
            "{\"tier\": 9}", "tier: 9 (expected:",
            "{\"tier\": \"TIER_FREE\", \"instances\": -1}", "instances: -1 (expected: 1..10000)",
            "{\"tier\": \"TIER_FREE\", \"instances\": 10001}", "instances: 10001 (expected:",
            "{\"tier\": \"TIER_FREE\", \"tenantId\": \"globex\"}",
                "tenant_id: globex (expected: the path's, which is acme, or none)");
    wrong.forEach(
        (body, words) ->
            request()
                .contentType("application/json")
                .body(body)
                .put("/v1/limits/acme")
                .then()
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
    assertThat(limits.changes).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = LimitServiceGrpc.newBlockingStub(door.authorized());
      assertThat(
              stub.listLimits(ListLimitsRequest.newBuilder().setAllTenants(true).build())
                  .getLimitsList())
          .hasSize(2);
      assertThat(stub.getLimits(GetLimitsRequest.getDefaultInstance()).getLimits().getTenantId())
          .isEqualTo("acme");
    }
  }
}
