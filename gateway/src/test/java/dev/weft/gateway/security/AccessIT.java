package dev.weft.gateway.security;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.process;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.weft.gateway.testing.RedisWire;
import dev.weft.gateway.testing.SharedGateway;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, on every path of a real gateway. */
class AccessIT {

  private static final String AGENT = "agt_01k0000000000000000000000a";

  /** Each test's failures count against one address; this forgives them. */
  @AfterEach
  void forgive() {
    SharedGateway.forgiveFailures();
  }

  /** Every route of the description, and what Quarkus adds to it. */
  static Stream<Arguments> routes() {
    SharedGateway.forgiveFailures();
    Map<String, Map<String, Object>> paths =
        anonymous().accept("application/json").get("/q/openapi?format=json").path("paths");
    List<Arguments> routes = new ArrayList<>();
    paths.forEach(
        (path, operations) ->
            operations.keySet().stream()
                .filter(List.of("get", "post", "put", "delete", "patch")::contains)
                .forEach(
                    method -> routes.add(Arguments.of(method.toUpperCase(Locale.ROOT), path))));
    assertThat(routes).hasSizeGreaterThan(15);
    Stream.of(
            "/",
            "/v1",
            "/v1/nothing",
            "/q",
            "/q/dev",
            "/q/arc",
            "/q/swagger-ui",
            "/q/info",
            "/metrics",
            "/q/openapi/..",
            "/q/health/../arc",
            "/ui",
            "/ui/../v1/tasks",
            "/agents/spawn",
            "/agents/" + AGENT + "/session",
            "/agents/../v1/tasks")
        .forEach(path -> routes.add(Arguments.of("GET", path)));
    Stream.of("/agents", "/agents/" + AGENT, "/ui/index.html")
        .forEach(path -> routes.add(Arguments.of("POST", path)));
    return routes.stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void nobodyGetsInWithoutAToken(String method, String path) {
    call(anonymous(), method, path)
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", startsWith("Bearer"))
        .body("reason", equalTo("TOKEN_MISSING"));
  }

  @ParameterizedTest
  @MethodSource("routes")
  void nobodyGetsInWithATokenThatIsPresentAndWrong(String method, String path) {
    call(with("wft_0000000000000000000000000000000000000000000000000000"), method, path)
        .then()
        .statusCode(401)
        .body("reason", equalTo("TOKEN_INVALID"));
    SharedGateway.forgiveFailures();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInNjb3BlIjoiYWRtaW4ifQ.",
        "Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2V0Yy9wYXNzd2QifQ.e30.c2ln",
        "Bearer eyJqa3UiOiJodHRwOi8vMTY5LjI1NC4xNjkuMjU0LyJ9.e30.c2ln",
        "Bearer ' or '1'='1",
        "Bearer",
        "Bearer ",
        "Basic YWRtaW46YWRtaW4=",
        "bearer null",
        "Token x"
      })
  void whatIsNoTokenOfOursIsNoToken(String authorization) {
    anonymous()
        .header("Authorization", authorization)
        .get("/v1/tasks")
        .then()
        .statusCode(401)
        .body("reason", anyOf(equalTo("TOKEN_INVALID"), equalTo("TOKEN_MISSING")));
  }

  @Test
  void twoTokensAreNone() {
    anonymous()
        .header("Authorization", "Bearer x", "Bearer " + neighbourhood().files.bearer)
        .get("/v1/tasks")
        .then()
        .statusCode(401);
  }

  @Test
  void oneFlippedBitIsAnotherToken() {
    String right = neighbourhood().files.bearer;
    char last = right.charAt(right.length() - 1);
    String wrong = right.substring(0, right.length() - 1) + (last == '0' ? '1' : '0');

    with(wrong).get("/v1/tasks").then().statusCode(401);
    with(right + "x").get("/v1/tasks").then().statusCode(401);
    with(right).get("/v1/tasks").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "token", "api_key", "Authorization", "anything"})
  void aTokenInTheUrlIsRefusedEvenIfItIsRightAndIsNeverLogged(String parameter) {
    String secret = neighbourhood().files.bearer;

    request()
        .queryParam(parameter, secret)
        .get("/v1/tasks")
        .then()
        .statusCode(401)
        .body("reason", equalTo("TOKEN_IN_QUERY"))
        .body("instance", equalTo("/v1/tasks"));
    anonymous().queryParam(parameter, secret).get("/v1/tasks").then().statusCode(401);
    assertThat(process().log()).doesNotContain(secret);
  }

  @Test
  void onlyHealthTheDescriptionAndThePagesAreOpen() {
    anonymous().get("/q/health/live").then().statusCode(200);
    anonymous().get("/q/health/ready").then().statusCode(200);
    anonymous().get("/q/openapi").then().statusCode(200);
    // Without Node the gateway is built without them, and says so.
    Stream.of("/agents", "/agents/" + AGENT, "/ui/icon.svg")
        .forEach(path -> anonymous().get(path).then().statusCode(anyOf(is(200), is(501))));
    // In local mode, on loopback.
    anonymous().get("/q/metrics").then().statusCode(200).body(containsString("weft_gateway"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "null",
        "http://127.0.0.1.evil.example",
        "https://127.0.0.1",
        "http://localhost:1",
        "file://",
        "http://127.0.0.1@evil.example",
        ""
      })
  void aPageOfAnotherOriginIsRefused(String origin) {
    request()
        .header("Origin", origin)
        .get("/v1/tasks")
        .then()
        .statusCode(403)
        .body("reason", equalTo("ORIGIN_NOT_ALLOWED"));
  }

  @Test
  void aPageOfTheDoorsOwnOriginIsLetIn() {
    request()
        .header("Origin", "http://127.0.0.1:" + neighbourhood().httpPort)
        .get("/v1/tasks")
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:7080",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "169.254.169.254"
      })
  void aNameThatIsNotTheDoorsIsRefused(String host) {
    request()
        .header("Host", host)
        .get("/v1/tasks")
        .then()
        .statusCode(403)
        .body("reason", equalTo("HOST_NOT_ALLOWED"));
  }

  @Test
  void scopesAreTheServersAndNotTheCallers() {
    String reader = create("tasks.read");

    with(reader).get("/v1/tasks").then().statusCode(200);
    with(reader)
        .contentType(ContentType.JSON)
        .header("X-Weft-Scopes", "admin")
        .header("X-Tenant", "other")
        .body("{\"name\":\"me\",\"scopes\":[\"admin\"]}")
        .post("/v1/tokens")
        .then()
        .statusCode(403)
        .body("reason", equalTo("SCOPE_MISSING"))
        .body("metadata.scope", equalTo("admin"));
    with(reader)
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("tasks.write"));
    with(reader).get("/v1/workers").then().statusCode(403);
    with(reader).get("/v1/status").then().statusCode(403);
  }

  @Test
  void aTenantsAdministratorDoesNotRuleTheMesh() {
    String admin = create("admin");

    with(admin).get("/v1/tokens").then().statusCode(200);
    for (String path :
        List.of("/v1/join-tokens", "/v1/workers/sandbox-01:drain", "/v1/workers/x:revoke")) {
      meshRefuses(call(with(admin), "POST", path));
    }
    meshRefuses(call(with(admin), "DELETE", "/v1/join-tokens/x?revokeWorkers=true"));
    meshRefuses(
        with(admin)
            .contentType(ContentType.JSON)
            .body("{\"name\":\"up\",\"scopes\":[\"mesh.admin\"]}")
            .post("/v1/tokens"));
    call(with(create("mesh.admin")), "POST", "/v1/workers/sandbox-01:drain").then().statusCode(200);
  }

  private static void meshRefuses(Response answer) {
    answer
        .then()
        .statusCode(403)
        .body("reason", equalTo("SCOPE_MISSING"))
        .body("metadata.scope", equalTo("mesh.admin"));
  }

  @Test
  void aTokenIsShownOnceAndListedWithoutItsSecret() {
    Response created =
        request()
            .contentType(ContentType.JSON)
            .body("{\"name\":\"once\",\"scopes\":[\"tasks.read\"],\"lifetime\":\"3600s\"}")
            .post("/v1/tokens");
    String secret =
        created.then().statusCode(201).body("secret", startsWith("wft_")).extract().path("secret");
    String id = created.path("token.id");

    String list =
        request()
            .queryParam("pageSize", "1000")
            .get("/v1/tokens")
            .then()
            .statusCode(200)
            .body("tokens.id", hasItem(id))
            .extract()
            .asString();

    assertThat(list).doesNotContain(secret);
    assertThat(everythingStored())
        .doesNotContain(secret)
        .doesNotContain(neighbourhood().files.bearer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\",\"scopes\":[\"admin\"]}",
        "{\"name\":\"x\",\"scopes\":[]}",
        "{\"name\":\"x\",\"scopes\":[\"root\"]}",
        "{\"name\":\"x\",\"scopes\":[\"admin\"],\"lifetime\":\"0s\"}",
        "{\"name\":\"x\",\"scopes\":[\"admin\"],\"tenant\":\"other\"}"
      })
  void aTokenThatMakesNoSenseIsRefused(String body) {
    request()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/tokens")
        .then()
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"));
  }

  @Test
  void aRevocationIsFeltWithinFiveSecondsAndAudited() {
    Response created =
        request()
            .contentType(ContentType.JSON)
            .body("{\"name\":\"gone\",\"scopes\":[\"tasks.read\"]}")
            .post("/v1/tokens");
    String secret = created.path("secret");
    String id = created.path("token.id");
    with(secret).get("/v1/tasks").then().statusCode(200);

    request().delete("/v1/tokens/" + id).then().statusCode(200);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                with(secret)
                    .get("/v1/tasks")
                    .then()
                    .statusCode(401)
                    .body("reason", equalTo("TOKEN_REVOKED")));
    assertThat(audit(id)).containsExactly("token.create by bootstrap", "token.revoke by bootstrap");
  }

  @Test
  void whatDoesNotExistCannotBeRevoked() {
    request()
        .delete("/v1/tokens/tok_01k00000000000000000000000")
        .then()
        .statusCode(404)
        .body("reason", equalTo("TOKEN_NOT_FOUND"));
    request().delete("/v1/tokens/x").then().statusCode(400);
    request()
        .delete("/v1/join-tokens/jtk_01k00000000000000000000000")
        .then()
        .statusCode(404)
        .body("reason", equalTo("JOIN_TOKEN_NOT_FOUND"));
  }

  @Test
  void guessingIsSlowedDownForAllGatewaysTogether() {
    int refused = 0;
    Response last = null;
    for (int i = 0; i < 60 && refused == 0; i++) {
      last = with("wft_guess" + i).get("/v1/tasks");
      refused += last.statusCode() == 429 ? 1 : 0;
    }

    assertThat(refused).as("a guess was held back").isPositive();
    assertThat(last.header("Retry-After")).matches("[1-9][0-9]*");
    assertThat(last.<String>path("reason")).isEqualTo("TOO_MANY_FAILURES");
    request().get("/v1/tasks").then().statusCode(200);
    assertThat(RedisWire.keys(neighbourhood().redis))
        .anyMatch(key -> key.startsWith("weft:authfail:"));
  }

  private static String create(String scope) {
    return request()
        .contentType(ContentType.JSON)
        .body(Map.of("name", "test", "scopes", List.of(scope)))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .path("secret");
  }

  private static Response call(
      io.restassured.specification.RequestSpecification request, String method, String path) {
    String concrete =
        path.replace("{taskId}", "tsk_01k00000000000000000000000").replaceAll("\\{[a-zA-Z]+}", "x");
    return request.contentType(ContentType.JSON).body("{}").request(method, concrete);
  }

  private static List<String> audit(String target) {
    List<String> acts = new ArrayList<>();
    try (Connection connection = neighbourhood().access().connect();
        var query =
            connection.prepareStatement(
                "select action, principal from gateway.audit where target = ? order by id")) {
      query.setString(1, target);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          acts.add(rows.getString(1) + " by " + rows.getString(2));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return acts;
  }

  private static String everythingStored() {
    StringBuilder all = new StringBuilder();
    try (Connection connection = neighbourhood().access().connect();
        var statement = connection.createStatement()) {
      for (String table : List.of("access_token", "join_token", "audit", "tenant")) {
        try (ResultSet rows =
            statement.executeQuery("select t::text from gateway." + table + " t")) {
          while (rows.next()) {
            all.append(rows.getString(1)).append('\n');
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return all.toString();
  }
}
