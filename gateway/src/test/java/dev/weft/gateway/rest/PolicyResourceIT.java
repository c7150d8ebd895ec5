package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import dev.weft.gateway.testing.FakePolicies;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesRequest;
import dev.weft.proto.placement.v1.GetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.PlacementPolicyServiceGrpc;
import dev.weft.proto.tasks.v1.PriorityClass;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The placement policy through a real gateway. */
class PolicyResourceIT {

  private static final String POLICY = "/v1/placement/policy";
  private static final String CHANGE =
      """
      {"weights": [{"priorityClass": "PRIORITY_CLASS_P3", "capability": 0.1, "load": 0.6,
        "latency": 0.2, "cost": 0.1}],
       "algorithms": [{"executor": "shell", "algorithm": "ROUND_ROBIN"}], "comment": "less waiting"}
      """;

  private final FakePolicies policies = neighbourhood().policies;

  @BeforeEach
  void forget() {
    policies.changes.clear();
    policies.listed.clear();
  }

  @Test
  void thePolicyInForceHasItsVersionAsTag() {
    request()
        .get(POLICY)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"7\""))
        .body("policy.name", equalTo("placement-7"));
    request().get(POLICY + "?version=3").then().statusCode(200).header("ETag", equalTo("\"3\""));
    request()
        .get(POLICY + "?version=9")
        .then()
        .statusCode(404)
        .body("reason", equalTo("POLICY_NOT_FOUND"));
  }

  @Test
  void aChangeIsPassedOnWithWhoMadeItAndIsInTheAudit() throws SQLException {
    json(request())
        .header("If-Match", "\"7\"")
        .put(POLICY)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"8\""))
        .body("policy.version", equalTo(8));

    ChangePolicyRequest change = policies.changes.getFirst();
    assertThat(change.getExpectedVersion()).isEqualTo(7);
    assertThat(change.getAuthor()).startsWith("acme/").hasSizeGreaterThan("acme/".length());
    assertThat(change.getComment()).isEqualTo("less waiting");
    assertThat(change.getWeights(0).getPriorityClass()).isEqualTo(PriorityClass.PRIORITY_CLASS_P3);
    assertThat(change.getWeights(0).getLoad()).isEqualTo(0.6);
    assertThat(change.getAlgorithms(0).getAlgorithm()).isEqualTo("ROUND_ROBIN");
    assertThat(change.getRequestId()).isNotEmpty();
    try (Connection connection = neighbourhood().access().connect();
        var query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "select principal from gateway.audit"
                    + " where action = 'placement.set' and target = 'after version 7'")) {
      assertThat(rows.next()).isTrue();
      assertThat(change.getAuthor()).isEqualTo("acme/" + rows.getString(1));
    }
  }

  @Test
  void whoFollowsAnotherVersionIsToldWhichIsInForce() {
    for (String stale : List.of("{\"expectedVersion\": 6}", "{}")) {
      request()
          .contentType(ContentType.JSON)
          .body(stale)
          .put(POLICY)
          .then()
          .statusCode(409)
          .body("reason", equalTo("POLICY_CHANGED"))
          .body("detail", containsString("(expected: 7, which is in force)"));
    }
  }

  @Test
  void versionsAreListedByPages() {
    request()
        .get("/v1/placement/policies?pageSize=2&pageToken=here")
        .then()
        .statusCode(200)
        .body("policies.version", equalTo(List.of(7, 6)))
        .body("nextPageToken", equalTo("more"));
    assertThat(policies.listed)
        .containsExactly(
            FetchPoliciesRequest.newBuilder().setPageSize(2).setPageToken("here").build());
  }

  @Test
  void onlyWhoRunsTheMeshChangesItAndOnlyWhoReadsDecisionsReadsIt() {
    for (String token : List.of(Tenants.token("tasks.read"), Tenants.token("admin"))) {
      json(with(token))
          .put(POLICY)
          .then()
          .statusCode(403)
          .body("metadata.scope", equalTo("mesh.admin"));
    }
    assertThat(policies.changes).isEmpty();
    with(Tenants.token("tasks.read")).get(POLICY).then().statusCode(200);
    with(Tenants.token("tasks.write"))
        .get(POLICY)
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("tasks.read"));
    with(Tenants.token("workers.read")).get("/v1/placement/policies").then().statusCode(403);
  }

  @Test
  void whoSetItAndWhyIsToldOnlyToThoseWhoMaySetIt() {
    request().get(POLICY).then().body("policy.author", equalTo("operators/root"));
    request().get("/v1/placement/policies").then().body("policies[1].comment", equalTo("why 6"));
    RequestSpecification reader = with(Tenants.token("tasks.read"));
    reader
        .get(POLICY)
        .then()
        .statusCode(200)
        .body("policy.name", equalTo("placement-7"))
        .body("policy.author", emptyString())
        .body("policy.comment", emptyString());
    with(Tenants.token("tasks.read"))
        .get("/v1/placement/policies")
        .then()
        .body("policies.author", everyItem(emptyString()))
        .body("policies.comment", everyItem(emptyString()));
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> bodies =
        Map.of(
            "{\"weights\":[{\"priorityClass\":\"P9\"}]}",
            "P9 (expected: a value of ",
            "{\"wheights\":[]}",
            "wheights: set (expected: a field of ",
            "{\"requestId\":\"" + "x".repeat(200) + "\"}",
            "request_id: 200 characters (expected: ");
    bodies.forEach(
        (body, words) -> refused(request().contentType(ContentType.JSON).body(body), words));
    refused(json(request()).header("If-Match", "7"), "If-Match: 7 (expected: an ETag ");
    refused(json(request()).header("If-Match", "\"seven\""), "If-Match: seven (expected: ");
    refused(
        request()
            .contentType(ContentType.JSON)
            .body("{\"expectedVersion\": 6}")
            .header("If-Match", "\"7\""),
        "expected_version: 6 (expected: the same as If-Match, or none)");
    request().get(POLICY + "?version=first").then().statusCode(400);
    request().get("/v1/placement/policies?pageSize=1001").then().statusCode(400);
    assertThat(policies.changes).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var answer =
          PlacementPolicyServiceGrpc.newBlockingStub(door.authorized())
              .getPlacementPolicy(GetPlacementPolicyRequest.getDefaultInstance());
      assertThat(answer.getPolicy().getVersion()).isEqualTo(FakePolicies.IN_FORCE);
    }
  }

  private static RequestSpecification json(RequestSpecification by) {
    return by.contentType(ContentType.JSON).body(CHANGE);
  }

  private static void refused(RequestSpecification request, String words) {
    request
        .put(POLICY)
        .then()
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"))
        .body("detail", containsString(words));
  }
}
