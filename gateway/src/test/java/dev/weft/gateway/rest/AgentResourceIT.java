package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.SseClient;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.agents.v1.AgentServiceGrpc;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.agents.v1.WatchAgentRequest;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.SandboxLevel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Agents through a real gateway. */
class AgentResourceIT {

  private final FakeAgents agents = neighbourhood().agents;

  @Test
  void aSpawnIsCompletedAndAnsweredWithAWayIn() {
    ValidatableResponse answer = spawn("/agents/spawn", "{\"spec\":{\"displayName\":\"a\"}}", "");
    String id = answer.extract().path("agent.agentId");
    answer
        .statusCode(202)
        .header("Location", equalTo("/v1/agents/" + id))
        .body("agent.state", equalTo("AGENT_STATE_PENDING"))
        .body("ticket.ticket", startsWith("wfs_"))
        .body(
            "sessionUrl",
            equalTo(
                "ws://127.0.0.1:" + neighbourhood().httpPort + "/v1/agents/" + id + "/session"));
    AgentSpec spec = agents.opened.getLast().getSpec();
    assertThat(spec.getPriorityClass()).isEqualTo(PriorityClass.PRIORITY_CLASS_P1);
    assertThat(spec.getIdleTimeout().getSeconds()).isEqualTo(900);
    assertThat(spec.getNetworkAccess()).isEqualTo(NetworkAccess.NETWORK_ACCESS_NONE);
    assertThat(spec.getSandboxLevel()).isEqualTo(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP);
    assertThat(agents.opened.getLast().getTenant()).isEqualTo("acme");
    assertThat(agents.opened.getLast().getPrincipal()).isEqualTo("bootstrap");
  }

  @Test
  void theSameKeyIsTheSameAgent() {
    String key = UUID.randomUUID().toString();
    String first = spawn("/v1/agents", "{}", key).statusCode(202).extract().path("agent.agentId");
    spawn("/v1/agents", "{}", key)
        .statusCode(202)
        .body("agent.agentId", equalTo(first))
        .body("existing", equalTo(true));
  }

  @Test
  void whatIsWrongIsNamed() {
    Map<String, String> bodies =
        Map.of(
            "{\"spec\":{\"idleTimeout\":\"1s\"}}",
            "spec.idle_timeout: 1s (expected: 10s..86400s)",
            "{\"spec\":{\"environment\":{\"A B\":\"x\"}}}",
            "spec.environment: A B",
            "{\"spec\":{\"environment\":{\"A\":\"" + "x".repeat(16_384) + "\"}}}",
            "spec.environment: 16385 bytes",
            "{\"spec\":{\"workspaceArtifact\":\"here\"}}",
            "spec.workspace_artifact: here",
            "{\"spec\":{\"queue\":\"A\"}}",
            "spec.queue: A",
            "{\"spec\":{\"displayName\":\"" + "x".repeat(129) + "\"}}",
            "spec.display_name: 129 characters",
            "{\"spec\":{\"colour\":1}}",
            "colour: set (expected: a field of ");
    bodies.forEach(
        (body, words) ->
            spawn("/v1/agents", body, "").statusCode(400).body("detail", containsString(words)));
    spawn("/v1/agents", "{\"spec\":{\"networkAccess\":\"NETWORK_ACCESS_ALLOW\"}}", "")
        .statusCode(501)
        .body("reason", equalTo("FIELD_NOT_SUPPORTED_YET"));
    spawn("/v1/agents", "{\"spec\":{\"workspaceArtifact\":\"art_01k00000000000000000000000\"}}", "")
        .statusCode(404)
        .body("reason", equalTo("ARTIFACT_NOT_FOUND"));
  }

  @Test
  void agentsAreReadListedAndSteered() {
    String id = spawn();
    request().get("/v1/agents/" + id).then().statusCode(200).body("agent.agentId", equalTo(id));
    request().get("/v1/agents").then().statusCode(200).body("agents.agentId", hasItem(id));
    request()
        .get("/v1/agents?states=RUNNING")
        .then()
        .statusCode(200)
        .body("agents.agentId", not(hasItem(id)));
    request().get("/v1/agents?states=NONE").then().statusCode(400);
    request().get("/v1/agents?pageSize=1001").then().statusCode(400);
    request().post("/v1/agents/" + id + ":hibernate").then().statusCode(200);
    request().post("/v1/agents/" + id + ":wake").then().statusCode(200);
    request()
        .contentType(ContentType.JSON)
        .body("{\"reason\":\"enough\"}")
        .post("/v1/agents/" + id + ":terminate")
        .then()
        .statusCode(200);
    request().delete("/v1/agents/" + id).then().statusCode(200);
    assertThat(agents.steered.stream().filter(it -> it.getAgentId().equals(id)))
        .extracting(it -> it.getWish(), it -> it.getReason())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(AgentWish.AGENT_WISH_HIBERNATE, ""),
            org.assertj.core.groups.Tuple.tuple(AgentWish.AGENT_WISH_WAKE, ""),
            org.assertj.core.groups.Tuple.tuple(AgentWish.AGENT_WISH_TERMINATE, "enough"),
            org.assertj.core.groups.Tuple.tuple(AgentWish.AGENT_WISH_TERMINATE, ""));
  }

  @Test
  void anotherTenantsAgentIsNone() {
    String id = spawn();
    String stranger = Tenants.stranger();
    for (String path : List.of("", "/events")) {
      with(stranger)
          .get("/v1/agents/" + id + path)
          .then()
          .statusCode(404)
          .body("reason", equalTo("AGENT_NOT_FOUND"));
    }
    for (String verb : List.of(":wake", ":hibernate", ":terminate", ":ticket")) {
      with(stranger).post("/v1/agents/" + id + verb).then().statusCode(404);
    }
    with(stranger).get("/v1/agents").then().statusCode(200).body("agents", equalTo(List.of()));
    request().get("/v1/agents/nonsense").then().statusCode(400);
  }

  /** Of every path of the description that names an agent, with every method that it has there. */
  @Test
  void noDoorTellsAStrangerThatAnAgentIsThere() {
    String id = spawn();
    String stranger = Tenants.stranger();
    Map<String, Map<String, Object>> paths =
        anonymous().get("/q/openapi?format=json").then().statusCode(200).extract().path("paths");
    List<String> doors = new ArrayList<>();
    paths.forEach(
        (path, methods) -> {
          if (path.contains("{agentId}") && !path.endsWith("/session")) {
            String door = path.replace("{agentId}", id).replace("{key}", "plan");
            Stream.of("GET", "PUT", "POST", "DELETE")
                .filter(method -> methods.containsKey(method.toLowerCase(Locale.ROOT)))
                .forEach(method -> doors.add(method + " " + door));
          }
        });
    assertThat(doors).hasSizeGreaterThan(10);
    for (String door : doors) {
      String method = door.substring(0, door.indexOf(' '));
      String body = method.equals("PUT") ? "{\"value\":\"eA==\"}" : "{}";
      var asked = with(stranger);
      (method.equals("POST") || method.equals("PUT")
              ? asked.contentType(ContentType.JSON).body(body)
              : asked)
          .request(method, door.substring(door.indexOf(' ') + 1))
          .then()
          .statusCode(404)
          .body("reason", equalTo("AGENT_NOT_FOUND"));
    }
    assertThat(agents.steered).noneMatch(it -> it.getAgentId().equals(id));
  }

  @Test
  void readingAndWritingAreScopesOfTheirOwn() {
    String id = spawn();
    String reader = Tenants.token("agents.read");
    String writer = Tenants.token("agents.write");
    with(reader).get("/v1/agents/" + id).then().statusCode(200);
    with(writer)
        .get("/v1/agents/" + id)
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("agents.read"));
    with(writer).post("/v1/agents/" + id + ":ticket").then().statusCode(200);
    with(reader).post("/v1/agents/" + id + ":ticket").then().statusCode(403);
    with(reader).post("/v1/agents/" + id + ":wake").then().statusCode(403);
    with(Tenants.token("tasks.write", "tasks.read")).get("/v1/agents").then().statusCode(403);
  }

  @Test
  void anAgentsChangesAreEvents() {
    String id = spawn();
    try (SseClient events =
        SseClient.open(
            "http://127.0.0.1:" + neighbourhood().httpPort + "/v1/agents/" + id + "/events",
            neighbourhood().files.bearer,
            "")) {
      await().until(() -> events.events().size() == 1);
      agents.change(id, it -> it.setState(AgentState.AGENT_STATE_RUNNING));
      await().until(() -> events.events().size() == 2);
      assertThat(events.events().getLast().name()).isEqualTo("agent");
      assertThat(events.events().getLast().id()).isEqualTo("2");
      assertThat(events.events().getLast().data()).contains("AGENT_STATE_RUNNING");
      agents.change(id, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
      await().until(events::ended);
    }
  }

  @Test
  void nobodyButTheMeshMakesBodies() {
    request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"agent\":{\"agentId\":\"agt_01k00000000000000000000000\"}}}")
        .post("/v1/tasks")
        .then()
        .statusCode(400)
        .body("detail", containsString("spec.executor: agent (expected: one of shell, noop"));
  }

  @Test
  void theSameIsServedOverGrpc() {
    Metadata token = new Metadata();
    token.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + neighbourhood().files.bearer);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(token))
            .build();
    try {
      var stub = AgentServiceGrpc.newBlockingStub(channel);
      var spawned = stub.spawnAgent(SpawnAgentRequest.getDefaultInstance());
      assertThat(spawned.getSessionUrl()).isEmpty();
      assertThat(spawned.getTicket().getTicket()).startsWith("wfs_");
      var steps =
          stub.watchAgent(
              WatchAgentRequest.newBuilder().setAgentId(spawned.getAgent().getAgentId()).build());
      assertThat(steps.next().getAgent().getState()).isEqualTo(AgentState.AGENT_STATE_PENDING);
      agents.change(
          spawned.getAgent().getAgentId(), it -> it.setState(AgentState.AGENT_STATE_FAILED));
      assertThat(steps.next().getAgent().getState()).isEqualTo(AgentState.AGENT_STATE_FAILED);
      assertThat(steps.hasNext()).isFalse();
    } finally {
      channel.shutdownNow();
    }
  }

  private static String spawn() {
    return spawn("/v1/agents", "{}", "").statusCode(202).extract().path("agent.agentId");
  }

  private static ValidatableResponse spawn(String path, String body, String key) {
    var request = request().contentType(ContentType.JSON).body(body);
    return (key.isEmpty() ? request : request.header("Idempotency-Key", key)).post(path).then();
  }
}
