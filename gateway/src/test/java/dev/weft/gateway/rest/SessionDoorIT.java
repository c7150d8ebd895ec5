package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.agents.v1.AgentState;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in to sessions, how they are told that they may not, and how they are let go. */
class SessionDoorIT {

  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());

  private final FakeAgents agents = neighbourhood().agents;
  private final Sessions sessions = new Sessions(neighbourhood(), WORKER);

  @AfterEach
  void close() throws Exception {
    sessions.close();
  }

  @Test
  void aTicketLetsOneIn() {
    String agentId = sessions.spawn();
    String ticket =
        request()
            .post("/v1/agents/" + agentId + ":ticket")
            .then()
            .statusCode(200)
            .extract()
            .path("ticket.ticket");
    String url = sessions.url(agentId) + "?ticket=" + ticket;
    List<CompletableFuture<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tries.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  sessions.keep(SessionClient.open(url, Map.of(), true));
                  return true;
                } catch (SessionClient.Refused e) {
                  assertThat(e.status).isEqualTo(401);
                  return false;
                }
              }));
    }
    assertThat(tries.stream().map(CompletableFuture::join).filter(it -> it)).hasSize(1);
    assertThat(Sessions.refused(url, Map.of()).status).isEqualTo(401);
    dev.weft.gateway.testing.SharedGateway.forgiveFailures();
    assertThat(dev.weft.gateway.testing.SharedGateway.process().log()).doesNotContain(ticket);
  }

  @Test
  void whoMayNotIsToldBeforeTheUpgrade() {
    String agentId = sessions.spawn();
    String bearer = neighbourhood().files.bearer;
    Map<String, String> mine = Map.of("Authorization", "Bearer " + bearer);

    assertThat(Sessions.refused(sessions.url(agentId), Map.of()).status).isEqualTo(401);
    assertThat(
            Sessions.refused(
                    sessions.url(agentId),
                    Map.of("Authorization", "Bearer " + Tenants.token("tasks.read")))
                .status)
        .isEqualTo(403);
    assertThat(
            Sessions.refused(
                    sessions.url(agentId), Map.of("Authorization", "Bearer " + Tenants.stranger()))
                .status)
        .isEqualTo(404);
    assertThat(Sessions.refused(sessions.url(agentId) + "?cursor=x", mine).status).isEqualTo(400);
    assertThat(Sessions.refused(sessions.url(agentId) + "?token=" + bearer, mine).status)
        .isEqualTo(401);
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    assertThat(Sessions.refused(sessions.url(agentId), mine).status).isEqualTo(410);
    request().get("/v1/agents/" + agentId + "/session").then().statusCode(426);
  }

  @Test
  void onlyPagesOfTheNamedOriginsOpenSessions() {
    String agentId = sessions.spawn();
    Map<String, String> foreign =
        Map.of(
            "Authorization",
            "Bearer " + neighbourhood().files.bearer,
            "Origin",
            "https://evil.example");
    assertThat(Sessions.refused(sessions.url(agentId), foreign).status).isEqualTo(403);
    Map<String, String> known =
        Map.of(
            "Authorization",
            "Bearer " + neighbourhood().files.bearer,
            "Origin",
            Neighbourhood.SESSION_ORIGIN);
    SessionClient client = SessionClient.open(sessions.url(agentId), known, true);
    sessions.keep(client);
    client.awaitLast("status", _ -> true);
    request()
        .header("Origin", Neighbourhood.SESSION_ORIGIN)
        .get("/v1/agents/" + agentId)
        .then()
        .statusCode(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "file://",
        "http://localhost:1",
        "http://agents.example",
        "https://agents.example:8443",
        "https://agents.example/",
        "https://agents.example.evil.example",
        "https://evilagents.example",
        "https://sub.agents.example",
        "https://agents.example@evil.example",
        "https://agents.example, https://evil.example",
        "https://evil.example#https://agents.example",
      })
  void anOriginThatIsOnlyLikeOneOfThemOpensNothing(String origin) {
    String url = sessions.url(sessions.spawn());
    Map<String, String> headers =
        Map.of("Authorization", "Bearer " + neighbourhood().files.bearer, "Origin", origin);

    assertThat(Sessions.refused(url, headers).status).isEqualTo(403);
  }

  @Test
  void aTokenThatIsRevokedOrOverClosesItsSockets() throws SQLException {
    String agentId = sessions.spawn();
    Response revoked = reader();
    Response expired = reader();
    SessionClient first = reading(agentId, revoked);
    SessionClient second = reading(agentId, expired);

    request().delete("/v1/tokens/" + revoked.<String>path("token.id")).then().statusCode(200);
    try (Connection connection = neighbourhood().access().connect();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE gateway.access_token SET expire_time = now() WHERE name = ?")) {
      update.setString(1, expired.path("token.name"));
      assertThat(update.executeUpdate()).isEqualTo(1);
    }

    assertThat(first.awaitClose()).isEqualTo(1008);
    assertThat(second.awaitClose()).isEqualTo(1008);
  }

  private static Response reader() {
    return request()
        .contentType(ContentType.JSON)
        .body(Map.of("name", "short-" + UUID.randomUUID(), "scopes", List.of("agents.read")))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  private SessionClient reading(String agentId, Response token) {
    SessionClient client =
        SessionClient.open(neighbourhood().httpPort, agentId, "", token.<String>path("secret"));
    sessions.keep(client);
    client.awaitLast("status", it -> !it.getBoolean("writer"));
    return client;
  }

  @Test
  void theEndOfTheAgentIsTheEndOfTheSession() {
    String agentId = sessions.spawn();
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", _ -> true);
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    assertThat(client.awaitClose()).isEqualTo(1000);
    assertThat(client.heard.getLast().getString("state")).isEqualTo("TERMINATED");
  }
}
