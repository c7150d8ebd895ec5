package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.ForkAgentRequest;
import dev.weft.proto.internal.agent.v1.PutFiles;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Snapshots by wish and forks through a real gateway, with bodies that a test plays. */
class AgentCopyIT {

  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());
  private static final WorkspaceSnapshot TAKEN = snapshot("art_01k00000000000000000000001");
  private static final WorkspaceSnapshot OLD = snapshot("art_01k00000000000000000000000");

  private final FakeAgents agents = neighbourhood().agents;
  private final Sessions sessions = new Sessions(neighbourhood(), WORKER);

  @AfterEach
  void close() throws Exception {
    sessions.close();
  }

  private static WorkspaceSnapshot snapshot(String artifact) {
    return WorkspaceSnapshot.newBuilder()
        .setArtifactId(artifact)
        .setManifestDigest(ByteString.copyFromUtf8("digest"))
        .setTakenAt(Timestamp.newBuilder().setSeconds(1_800_000_000L))
        .setPaths(7)
        .build();
  }

  private static CompletableFuture<Response> post(String agentId, String verb, String body) {
    return CompletableFuture.supplyAsync(
        () ->
            request()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/agents/" + agentId + ":" + verb));
  }

  /** The one that the body was given and that has not been answered yet. */
  private static String given(FakeBody body, int before) {
    await().until(() -> body.commands.size() == before + 1);
    AgentCommand command = body.commands.getLast();
    assertThat(command.hasStoreWorkspace()).isTrue();
    return command.getCommandId();
  }

  @Test
  void aRunningAgentsWorkspaceIsStoredOnceForEachRequest() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    String key = "{\"requestId\":\"" + UUID.randomUUID() + "\"}";
    CompletableFuture<Response> first = post(agentId, "snapshot", key);
    CompletableFuture<Response> second = post(agentId, "snapshot", key);
    body.stored(given(body, 0), TAKEN);

    for (CompletableFuture<Response> each : List.of(first, second)) {
      each.join()
          .then()
          .statusCode(200)
          .body("snapshot.artifactId", equalTo(TAKEN.getArtifactId()))
          .body("snapshot.paths", equalTo(7))
          .body("snapshot.takenAt", equalTo("2027-01-15T08:00:00Z"));
    }

    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED).setSnapshot(OLD));
    post(agentId, "snapshot", key)
        .join()
        .then()
        .statusCode(200)
        .body("snapshot.artifactId", equalTo(TAKEN.getArtifactId()));
    post(agentId, "snapshot", "{}")
        .join()
        .then()
        .statusCode(200)
        .body("snapshot.artifactId", equalTo(OLD.getArtifactId()));
    assertThat(agents.commands(agentId)).hasSize(1);
  }

  @Test
  void aSnapshotThatFailedIsToldAndAskedForAgainIsTriedAgain() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    String key = "{\"requestId\":\"again\"}";
    CompletableFuture<Response> first = post(agentId, "snapshot", key);
    given(body, 0);
    agents.interrupt(agentId);
    first.join().then().statusCode(503).body("reason", equalTo("BODY_LOST"));

    CompletableFuture<Response> second = post(agentId, "snapshot", key);
    body.stored(given(body, 1), TAKEN);

    second.join().then().statusCode(200).body("snapshot.paths", equalTo(7));
  }

  @Test
  void whatHasNoWorkspaceYetOrIsOverOrAnotherTenantsIsSaidSo() {
    String agentId = sessions.spawn();
    post(agentId, "snapshot", "{}")
        .join()
        .then()
        .statusCode(409)
        .body("reason", equalTo("AGENT_NOT_RUNNING"));
    for (String verb : List.of(":snapshot", ":fork")) {
      with(Tenants.stranger())
          .post("/v1/agents/" + agentId + verb)
          .then()
          .statusCode(404)
          .body("reason", equalTo("AGENT_NOT_FOUND"));
      with(Tenants.token("agents.read"))
          .post("/v1/agents/" + agentId + verb)
          .then()
          .statusCode(403);
    }
    post(agentId, "fork", "{\"displayName\":\"" + "x".repeat(129) + "\"}")
        .join()
        .then()
        .statusCode(400)
        .body("detail", containsString("display_name: 129 characters"));
    post(agentId, "snapshot", "{\"requestId\":\"" + "x".repeat(129) + "\"}")
        .join()
        .then()
        .statusCode(400);
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    for (String verb : List.of("snapshot", "fork")) {
      post(agentId, verb, "{}").join().then().statusCode(410).body("reason", equalTo("AGENT_OVER"));
    }
  }

  @Test
  void aForkBeginsWithWhatIsStoredForItOrWasStoredLast() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    CompletableFuture<Response> running =
        post(agentId, "fork", "{\"displayName\":\"twin\",\"requestId\":\"f-1\"}");
    body.stored(given(body, 0), TAKEN);
    Response answer = running.join();
    String forkId = answer.path("agent.agentId");
    answer
        .then()
        .statusCode(202)
        .header("Location", equalTo("/v1/agents/" + forkId))
        .body("agent.forkedFrom", equalTo(agentId))
        .body("agent.spec.displayName", equalTo("twin"));
    ForkAgentRequest asked = agents.forked.getLast();
    assertThat(asked.getSnapshot()).isEqualTo(TAKEN);
    assertThat(asked.getTenant()).isEqualTo("acme");
    assertThat(asked.getRequestId()).isEqualTo("f-1");

    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED).setSnapshot(OLD));
    post(agentId, "fork", "{}").join().then().statusCode(202);
    assertThat(agents.forked.getLast().hasSnapshot()).isFalse();
  }

  @Test
  void aForkThatIsAskedForAgainStoresTheWorkspaceOnce() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    String key = "{\"requestId\":\"f-2\"}";
    CompletableFuture<Response> first = post(agentId, "fork", key);
    CompletableFuture<Response> second = post(agentId, "fork", key);
    body.stored(given(body, 0), TAKEN);
    first.join().then().statusCode(202);
    second.join();
    post(agentId, "fork", key).join();
    assertThat(agents.commands(agentId)).hasSize(1);
    assertThat(agents.forked).last().extracting(ForkAgentRequest::getSnapshot).isEqualTo(TAKEN);

    CompletableFuture<Response> snapshot = post(agentId, "snapshot", "{\"requestId\":\"f-2\"}");
    body.stored(given(body, 1), OLD);
    snapshot
        .join()
        .then()
        .statusCode(200)
        .body("snapshot.artifactId", equalTo(OLD.getArtifactId()));
  }

  @Test
  void aSessionMayWishASnapshotAndIsToldItsArtifact() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected"));

    client.send(new JsonObject().put("type", "snapshot").put("commandId", "s1"));
    assertThat(given(body, 0)).isEqualTo("s1");
    body.stored("s1", TAKEN);

    JsonObject ended = client.awaitLast("ended", _ -> true);
    assertThat(ended.getString("commandId")).isEqualTo("s1");
    assertThat(ended.getJsonObject("snapshot").getString("artifactId"))
        .isEqualTo(TAKEN.getArtifactId());
    assertThat(ended.getJsonObject("snapshot").getString("takenAt"))
        .isEqualTo("2027-01-15T08:00:00Z");
  }

  @Test
  void filesAreNamedInTheSessionAndTravelAsArtifacts() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected"));

    client.send(
        message("put", "p1")
            .put("artifactId", TAKEN.getArtifactId())
            .put("path", "src/")
            .put("name", "main.c")
            .put("executable", true));
    client.send(message("get", "g1").put("path", ""));
    await().until(() -> body.commands.size() == 2);
    assertThat(body.commands.getFirst().getPutFiles())
        .isEqualTo(
            PutFiles.newBuilder()
                .setArtifactId(TAKEN.getArtifactId())
                .setPath("src/")
                .setName("main.c")
                .setExecutable(true)
                .build());
    assertThat(body.commands.getLast().getGetFiles().getPath()).isEmpty();
    body.done("p1", it -> it.getPlacedBuilder().setFiles(1).setBytes(5));
    body.done(
        "g1",
        it ->
            it.getFetchedBuilder()
                .setArtifactId(OLD.getArtifactId())
                .setTree(true)
                .setFiles(3)
                .setBytes(9));

    JsonObject got = client.awaitLast("ended", it -> it.getString("commandId").equals("g1"));
    assertThat(got.getJsonObject("fetched").getString("artifactId")).isEqualTo(OLD.getArtifactId());
    assertThat(got.getJsonObject("fetched").getBoolean("tree")).isTrue();
    assertThat(client.all("ended").getFirst().getJsonObject("placed").getInteger("bytes"))
        .isEqualTo(5);
  }

  @Test
  void whatIsNoPathOfAWorkspaceIsRefusedByNameAndTheSessionGoesOn() {
    String agentId = sessions.spawn();
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", _ -> true);
    for (String path : List.of("/etc/passwd", "a/../b", "a//b", "a\\b", "x".repeat(600))) {
      client.send(message("get", "bad").put("path", path));
    }
    client.send(message("get", "b d").put("path", ""));
    client.send(message("put", "bad").put("artifactId", "here").put("path", ""));
    client.send(
        message("put", "bad")
            .put("artifactId", TAKEN.getArtifactId())
            .put("path", "a")
            .put("name", "b/c"));
    client.send(message("snapshot", "bad").put("path", ""));
    client.send(message("get", "good").put("path", "a/b"));

    client.awaitLast("receipt", it -> it.getString("commandId").equals("good"));
    assertThat(client.all("problem")).hasSize(9);
    assertThat(client.all("problem"))
        .allMatch(it -> it.getJsonObject("problem").getString("reason").equals("INVALID_FIELD"));
    assertThat(agents.commands(agentId)).hasSize(1);
    assertThat(client.closed()).isFalse();
  }

  private static JsonObject message(String type, String commandId) {
    return new JsonObject().put("type", type).put("commandId", commandId);
  }
}
