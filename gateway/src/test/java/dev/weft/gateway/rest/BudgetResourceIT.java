package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.weft.gateway.testing.FakeBudgets;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.costs.v1.BudgetServiceGrpc;
import dev.weft.proto.costs.v1.GetBudgetRequest;
import dev.weft.proto.costs.v1.ListBudgetsRequest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants' budgets through a real gateway. */
class BudgetResourceIT {

  private final FakeBudgets budgets = neighbourhood().budgets;

  @BeforeEach
  void forget() {
    budgets.changes.clear();
    budgets.dropped.clear();
  }

  @Test
  void anAdministratorSetsOneInItsOwnName() {
    request()
        .contentType("application/json")
        .body("{\"dailyMicros\": \"2000000\", \"currencyCode\": \"USD\"}")
        .put("/v1/budgets/globex")
        .then()
        .statusCode(200)
        .body("budget.tenantId", equalTo("globex"))
        .body("budget.daily.micros", equalTo("2000000"));

    assertThat(budgets.changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.getTenant()).isEqualTo("globex");
              assertThat(change.getCurrencyCode()).isEqualTo("USD");
              assertThat(change.getAuthor()).startsWith("acme/");
            });
  }

  @Test
  void oneInTokensStandsAloneOrBesideMoney() {
    for (String money : new String[] {"", ", \"dailyMicros\": 5, \"currencyCode\": \"USD\""}) {
      request()
          .contentType("application/json")
          .body("{\"dailyTokens\": \"7000\"" + money + "}")
          .put("/v1/budgets/globex")
          .then()
          .statusCode(200)
          .body("budget.tokens.daily", equalTo("7000"));
    }
    assertThat(budgets.changes)
        .extracting(change -> change.getDailyMicros() + " " + change.getDailyTokens())
        .containsExactly("0 7000", "5 7000");
  }

  @Test
  void aTenantSeesItsOwnAndNoOther() {
    String reader = Tenants.token("tasks.read");
    with(reader).get("/v1/budgets").then().statusCode(200).body("budgets", hasSize(1));
    with(reader).get("/v1/budgets/acme").then().body("budget.left.amount", equalTo("1.500000"));
    for (String other : new String[] {"/v1/budgets/globex", "/v1/budgets?allTenants=true"}) {
      with(reader).get(other).then().statusCode(403).body("metadata.scope", equalTo("mesh.admin"));
    }
    with(Tenants.stranger()).get("/v1/budgets").then().body("budgets", hasSize(0));
    request().get("/v1/budgets?allTenants=true").then().body("budgets", hasSize(2));
  }

  @Test
  void onlyAnAdministratorChangesThem() {
    String writer = Tenants.token("tasks.write");
    with(writer)
        .contentType("application/json")
        .body("{\"dailyMicros\": 1, \"currencyCode\": \"USD\"}")
        .put("/v1/budgets/acme")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("mesh.admin"));
    with(writer).delete("/v1/budgets/acme").then().statusCode(403);
    assertThat(budgets.changes).isEmpty();
    assertThat(budgets.dropped).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    request()
        .get("/v1/budgets/nobody")
        .then()
        .statusCode(404)
        .body("reason", equalTo("BUDGET_NOT_FOUND"))
        .body("detail", containsString("budget of nobody: none"));
    request().delete("/v1/budgets/nobody").then().statusCode(404);
    request().delete("/v1/budgets/acme").then().statusCode(200);
    assertThat(budgets.dropped).containsExactly("nobody", "acme");
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "{\"currencyCode\": \"USD\"}", "daily_micros: 0 (expected: 1..1000000000000, or",
            "{\"dailyMicros\": 0, \"currencyCode\": \"USD\"}", "daily_micros: 0 (expected: 1..",
            "{\"dailyMicros\": -1, \"currencyCode\": \"USD\"}", "daily_micros: -1 (expected: 1..",
            "{\"dailyTokens\": -1}", "daily_tokens: -1 (expected: 0..1000000000000000)",
            "{\"dailyTokens\": 5, \"currencyCode\": \"USD\"}", "daily_micros: 0 (expected: 1..",
            "{\"dailyMicros\": 1}", "currency_code:  (expected: a code of ISO 4217",
            "{\"dailyMicros\": 1, \"currencyCode\": \"QQQ\"}", "currency_code: QQQ (expected:",
            "{\"dailyMicros\": 1, \"currencyCode\": \"USD\", \"tenantId\": \"globex\"}",
                "tenant_id: globex (expected: the path's, which is acme, or none)");
    wrong.forEach(
        (body, words) ->
            request()
                .contentType("application/json")
                .body(body)
                .put("/v1/budgets/acme")
                .then()
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
    assertThat(budgets.changes).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = BudgetServiceGrpc.newBlockingStub(door.authorized());
      assertThat(
              stub.listBudgets(ListBudgetsRequest.newBuilder().setAllTenants(true).build())
                  .getBudgetsList())
          .hasSize(2);
      assertThat(stub.getBudget(GetBudgetRequest.getDefaultInstance()).getBudget().getTenantId())
          .isEqualTo("acme");
    }
  }
}
