package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import dev.weft.proto.limits.v1.RatedResource;
import dev.weft.proto.limits.v1.Tier;
import io.grpc.Status.Code;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What acme, a premium tenant of one instance, may use over time, through a real gateway. */
class RateResourceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Of P2 and below in a second, more than comes back while a test looks. */
  private static final String ALL_BYTES =
      "{\"resource\": \"RATED_RESOURCE_DISK_BYTES\", \"amount\": 75000000}";

  @Test
  void whatIsAllowedIsTakenAndTheNextHearsWhenToComeBack() {
    Response[] last = new Response[1];
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              last[0] = acquire(request(), ALL_BYTES);
              return last[0].<Boolean>path("allowed");
            });
    Response refused = acquire(request(), ALL_BYTES);

    last[0]
        .then()
        .statusCode(200)
        .body("tier", equalTo("TIER_PREMIUM"))
        .body("throttleDelayMs", equalTo("0"))
        .body("retryAfter", equalTo("0"));
    refused
        .then()
        .statusCode(200)
        .body("allowed", equalTo(false))
        .body("limit", equalTo("75000000"))
        .body("retryAfter", equalTo("1"))
        .body("ofUser", equalTo(false))
        .body("priorityClass", equalTo("PRIORITY_CLASS_P2"));
    assertThat(Long.parseLong(refused.path("throttleDelayMs"))).isBetween(1L, 1_000L);
    assertThat(Long.parseLong(refused.path("currentUsage"))).isBetween(1L, 75_000_000L);
  }

  @Test
  void aUserWhoHasUsedItsShareLeavesTheOthersTheirs() {
    String network =
        "{\"resource\": \"RATED_RESOURCE_NETWORK_BYTES\", \"amount\": 5000000, \"user\": \"%s\"}";
    await()
        .atMost(PATIENCE)
        .until(() -> acquire(request(), network.formatted("ada")).path("allowed"));

    Response ada = acquire(request(), network.formatted("ada"));
    assertThat(ada.<Boolean>path("allowed")).isFalse();
    assertThat(ada.<Boolean>path("ofUser")).isTrue();
    assertThat(ada.<String>path("limit")).isEqualTo("5000000");
    await()
        .atMost(PATIENCE)
        .until(() -> acquire(request(), network.formatted("bob")).path("allowed"));
  }

  @Test
  void whatNoFullBucketHoldsIsNeverAllowedAndSaysSo() {
    acquire(request(), "{\"resource\": \"RATED_RESOURCE_LLM_TOKENS\", \"amount\": 301}")
        .then()
        .statusCode(409)
        .body("reason", equalTo("LIMIT_EXCEEDED"))
        .body(
            "detail",
            equalTo(
                "amount: 301 LLM_TOKENS (expected: at most 300, the tenant's limit for P2 and"
                    + " below, tier premium)"))
        .body("metadata.allowed", equalTo("false"))
        .body("metadata.limit", equalTo("300"));
    acquire(
            request(),
            "{\"resource\": \"RATED_RESOURCE_LLM_TOKENS\", \"amount\": 401, \"user\": \"ada\","
                + " \"priorityClass\": \"PRIORITY_CLASS_P0\"}")
        .then()
        .statusCode(409)
        .body("detail", containsString("at most 400, the limit of a user"));
  }

  @Test
  void aTenantWithoutATierIsBoundedByNothingAndToldSo() {
    acquire(with(Tenants.stranger()), ALL_BYTES.replace("75000000", "9000000000000"))
        .then()
        .statusCode(200)
        .body("allowed", equalTo(true))
        .body("tier", equalTo("TIER_UNSPECIFIED"))
        .body("limit", equalTo("0"));
  }

  @Test
  void whoMayNotSubmitTasksMayNotUseWhatTheyWouldNeed() {
    acquire(with(Tenants.token("tasks.read")), ALL_BYTES)
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("tasks.write"));
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "{\"amount\": 1}", "resource: 0 (expected: RATED_RESOURCE_LLM_TOKENS,",
            "{\"resource\": 9, \"amount\": 1}", "resource: 9 (expected:",
            "{\"resource\": 1}", "amount: 0 (expected: 1 at least)",
            "{\"resource\": 1, \"amount\": -5}", "amount: -5 (expected: 1 at least)",
            "{\"resource\": 1, \"amount\": 1, \"priorityClass\": 9}",
                "priority_class: 9 (expected:",
            "{\"resource\": 1, \"amount\": 1, \"user\": \"a\\u0007\"}", "user: a");
    wrong.forEach(
        (body, words) ->
            acquire(request(), body)
                .then()
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = LimitServiceGrpc.newBlockingStub(door.authorized());
      AcquireRateRequest.Builder tokens =
          AcquireRateRequest.newBuilder().setResource(RatedResource.RATED_RESOURCE_LLM_TOKENS);
      AcquireRateResponse answer = stub.acquireRate(tokens.setAmount(1).build());
      assertThat(answer.getTier()).isEqualTo(Tier.TIER_PREMIUM);
      assertThat(answer.getLimit()).isEqualTo(300);

      MeshProblem problem = GrpcDoor.problem(() -> stub.acquireRate(tokens.setAmount(301).build()));
      assertThat(problem.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(problem.reason()).isEqualTo("LIMIT_EXCEEDED");
      door.verify();
    }
  }

  private static Response acquire(RequestSpecification caller, String body) {
    return caller.contentType("application/json").body(body).post("/v1/limits:acquire");
  }
}
