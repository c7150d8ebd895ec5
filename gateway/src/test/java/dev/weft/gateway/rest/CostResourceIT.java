package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.testing.FakeCosts;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.costs.v1.CostGroup;
import dev.weft.proto.costs.v1.CostServiceGrpc;
import dev.weft.proto.costs.v1.ListCostsRequest;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import java.text.ParseException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Costs through a real gateway. */
class CostResourceIT {

  private static final String TASK = "tsk_00000000000000000000000001";

  private final FakeCosts costs = neighbourhood().costs;

  @BeforeEach
  void forget() {
    costs.asked.clear();
  }

  @Test
  void theQuestionIsPassedOnAsTheCallersOwn() throws ParseException {
    request()
        .get(
            "/v1/costs?by=day&since=2026-01-02T03:04:05Z&until=2026-01-03T00:00:00.5Z"
                + "&pageSize=7&pageToken=here")
        .then()
        .statusCode(200)
        .body("costLines[0].key", equalTo("acme"))
        .body("costLines[0].cost.currencyCode", equalTo("USD"))
        .body("costLines[0].cost.micros", equalTo("4150"))
        .body("costLines[0].cost.amount", equalTo("0.004150"))
        .body("costLines[1].cost", nullValue())
        .body("costLines[1].unpricedAttemptCount", equalTo("3"))
        .body("nextPageToken", equalTo("more"))
        .body("budgets", hasSize(0));

    assertThat(costs.asked)
        .containsExactly(
            FetchCostsRequest.newBuilder()
                .setTenant("acme")
                .setBy(CostGroup.COST_GROUP_DAY)
                .setSince(Timestamps.parse("2026-01-02T03:04:05Z"))
                .setUntil(Timestamps.parse("2026-01-03T00:00:00.5Z"))
                .setPageSize(7)
                .setPageToken("here")
                .build());
  }

  @Test
  void theFirstPageShowsWhatIsLeftOfTheTenantsBudget() {
    request()
        .get("/v1/costs?by=day")
        .then()
        .statusCode(200)
        .body("budgets[0].tenantId", equalTo("acme"))
        .body("budgets[0].left.amount", equalTo("1.500000"));
  }

  @Test
  void anUnknownTaskIsNotFound() {
    request().get("/v1/costs?by=task&taskId=" + TASK).then().statusCode(200);
    request()
        .get("/v1/costs?by=task&taskId=" + FakeCosts.UNKNOWN_TASK)
        .then()
        .statusCode(404)
        .body("reason", equalTo("TASK_NOT_FOUND"))
        .body("detail", containsString(FakeCosts.UNKNOWN_TASK));
  }

  @Test
  void allTenantsAreForWhoeverRunsTheMesh() {
    request().get("/v1/costs?by=tenant&allTenants=true").then().statusCode(200);
    assertThat(costs.asked.getLast().getTenant()).isEmpty();

    String reader = Tenants.token("tasks.read");
    with(reader)
        .get("/v1/costs?by=tenant&allTenants=true")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("mesh.admin"));
    with(reader).get("/v1/costs?by=tenant").then().statusCode(200);
    assertThat(costs.asked.getLast().getTenant()).isEqualTo("acme");
    with(Tenants.token("tasks.write")).get("/v1/costs?by=tenant").then().statusCode(403);
    with(Tenants.stranger()).get("/v1/costs?by=tenant").then().statusCode(200);
    assertThat(costs.asked.getLast().getTenant()).startsWith("t-");
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "pageSize=1", "by: absent (expected: task, tenant, worker, day or class)",
            "by=month", "by: month (expected: task, tenant, worker, day or class)",
            "by=unrecognized", "by: unrecognized (expected: task,",
            "by=day&since=24h", "since: 24h (expected: a time like 2026-01-02T03:04:05Z)",
            "by=day&until=soon", "until: soon (expected: a time",
            "by=day&pageSize=1001", "page_size: 1001 (expected: 0..1000)",
            "by=day&allTenants=perhaps", "all_tenants: perhaps (expected: true or false)",
            "by=task&taskId=nonsense", "task_id: nonsense (expected: tsk_",
            "by=task&allTenants=true", "all_tenants: true (expected: false for tasks)");
    wrong.forEach(
        (query, words) ->
            request()
                .get("/v1/costs?" + query)
                .then()
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
    assertThat(costs.asked).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var answer =
          CostServiceGrpc.newBlockingStub(door.authorized())
              .listCosts(ListCostsRequest.newBuilder().setBy(CostGroup.COST_GROUP_CLASS).build());
      assertThat(answer.getCostLines(0).getCost().getMicros()).isEqualTo(4_150);
      assertThat(answer.getCostLines(1).hasCost()).isFalse();
    }
  }
}
