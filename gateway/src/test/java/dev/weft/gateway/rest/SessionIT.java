package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.restassured.http.ContentType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions through a real gateway, by a real WebSocket, with a body that a test plays. */
class SessionIT {

  private static final AtomicLong FENCES = new AtomicLong();
  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());

  private final FakeAgents agents = neighbourhood().agents;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    agents.notesRefused = false;
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void whatABodySaysIsSeenAndWhatAClientSaysArrives() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    assertThat(client.subprotocol()).isEqualTo("weft.session.v1");
    client.awaitLast("status", it -> it.getBoolean("connected") && it.getBoolean("writer"));
    assertThat(client.heard.get(0).getString("type")).isEqualTo("hello");
    assertThat(client.heard.get(1).getString("type")).isEqualTo("status");

    client.send(
        new JsonObject()
            .put("type", "command")
            .put("commandId", "c1")
            .put("argv", new JsonArray().add("true")));
    JsonObject receipt = client.awaitLast("receipt", _ -> true);
    assertThat(receipt.getString("state")).isEqualTo("GIVEN");
    await().until(() -> body.commands.size() == 1);
    body.started("c1");
    body.output("c1", ByteString.copyFromUtf8("héllo\n"));
    body.output("c1", ByteString.copyFrom(new byte[] {(byte) 0xff}));
    body.ended("c1", 3);

    assertThat(client.awaitLast("ended", _ -> true).getInteger("exitCode")).isEqualTo(3);
    assertThat(client.all("output").get(0).getString("text")).isEqualTo("héllo\n");
    assertThat(client.all("output").get(1).getString("base64")).isEqualTo("/w==");
    assertThat(client.cursors()).containsExactly("1.1", "1.2", "1.3", "1.4");
    await().until(() -> body.acked() == 4);
    assertThat(agents.settled)
        .anyMatch(it -> it.getAgentId().equals(agentId) && it.getExitCode() == 3);

    client.type("ls\n");
    client.send(new JsonObject().put("type", "resize").put("columns", 80).put("rows", 24));
    await().until(() -> body.typed().equals("ls\n"));
    await().until(() -> body.told.stream().anyMatch(it -> it.hasTerminalSize()));
    body.terminal("$ ls");
    assertThat(client.awaitLast("terminal", _ -> true).getString("text")).isEqualTo("$ ls");
  }

  @Test
  void whoComesBackWithTheCursorGetsEveryFrameOnce() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient first = client(agentId, "");
    for (int i = 0; i < 10; i++) {
      body.terminal("a" + i);
    }
    first.awaitLast("terminal", it -> it.getString("cursor").equals("1.10"));
    first.close();
    for (int i = 0; i < 10; i++) {
      body.terminal("b" + i);
    }
    SessionClient second = client(agentId, "?cursor=1.7");
    second.awaitLast("terminal", it -> it.getString("cursor").equals("1.20"));
    assertThat(second.cursors()).startsWith("1.8", "1.9").hasSize(13).doesNotHaveDuplicates();
    SessionClient third = client(agentId, "");
    third.awaitLast("terminal", it -> it.getString("cursor").equals("1.20"));
    assertThat(third.cursors()).hasSize(20);
  }

  @Test
  void oneWritesAndManyWatchUntilOneTakesOver() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient writer = client(agentId, "");
    writer.awaitLast("status", it -> it.getBoolean("writer") && it.getBoolean("connected"));
    SessionClient second = client(agentId, "");
    second.awaitLast("status", it -> !it.getBoolean("writer"));
    SessionClient viewer = client(agentId, "?mode=viewer");
    writer.awaitLast("status", it -> it.getInteger("viewers") == 2);

    second.type("no");
    second.awaitLast("problem", it -> reason(it).equals("NOT_WRITER"));
    viewer.send(new JsonObject().put("type", "takeOver"));
    viewer.awaitLast("problem", it -> reason(it).equals("NOT_WRITER"));
    second.send(new JsonObject().put("type", "takeOver"));
    second.awaitLast("status", it -> it.getBoolean("writer"));
    writer.awaitLast("status", it -> !it.getBoolean("writer"));
    second.type("yes");
    await().until(() -> body.typed().equals("yes"));
    second.close();
    writer.awaitLast("status", it -> it.getBoolean("writer") && it.getInteger("viewers") == 1);
  }

  @Test
  void aTicketLetsOneIn() {
    String agentId = spawn();
    String ticket =
        request()
            .post("/v1/agents/" + agentId + ":ticket")
            .then()
            .statusCode(200)
            .extract()
            .path("ticket.ticket");
    String url = url(agentId) + "?ticket=" + ticket;
    List<CompletableFuture<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tries.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  open.add(SessionClient.open(url, Map.of(), true));
                  return true;
                } catch (SessionClient.Refused e) {
                  assertThat(e.status).isEqualTo(401);
                  return false;
                }
              }));
    }
    assertThat(tries.stream().map(CompletableFuture::join).filter(it -> it)).hasSize(1);
    assertThat(refused(url, Map.of()).status).isEqualTo(401);
    dev.weft.gateway.testing.SharedGateway.forgiveFailures();
    assertThat(dev.weft.gateway.testing.SharedGateway.process().log()).doesNotContain(ticket);
  }

  @Test
  void whoMayNotIsToldBeforeTheUpgrade() {
    String agentId = spawn();
    String bearer = neighbourhood().files.bearer;
    Map<String, String> mine = Map.of("Authorization", "Bearer " + bearer);

    assertThat(refused(url(agentId), Map.of()).status).isEqualTo(401);
    assertThat(
            refused(url(agentId), Map.of("Authorization", "Bearer " + Tenants.token("tasks.read")))
                .status)
        .isEqualTo(403);
    assertThat(
            refused(url(agentId), Map.of("Authorization", "Bearer " + Tenants.stranger())).status)
        .isEqualTo(404);
    assertThat(refused(url(agentId) + "?cursor=x", mine).status).isEqualTo(400);
    assertThat(refused(url(agentId) + "?cursor=9.1", mine).status).isEqualTo(400);
    assertThat(refused(url(agentId) + "?token=" + bearer, mine).status).isEqualTo(401);
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    assertThat(refused(url(agentId), mine).status).isEqualTo(410);
    request().get("/v1/agents/" + agentId + "/session").then().statusCode(426);
  }

  @Test
  void onlyPagesOfTheNamedOriginsOpenSessions() {
    String agentId = spawn();
    Map<String, String> foreign =
        Map.of(
            "Authorization",
            "Bearer " + neighbourhood().files.bearer,
            "Origin",
            "https://evil.example");
    assertThat(refused(url(agentId), foreign).status).isEqualTo(403);
    Map<String, String> known =
        Map.of(
            "Authorization",
            "Bearer " + neighbourhood().files.bearer,
            "Origin",
            Neighbourhood.SESSION_ORIGIN);
    SessionClient client = SessionClient.open(url(agentId), known, true);
    open.add(client);
    client.awaitLast("status", _ -> true);
    request()
        .header("Origin", Neighbourhood.SESSION_ORIGIN)
        .get("/v1/agents/" + agentId)
        .then()
        .statusCode(403);
  }

  @Test
  void aBodyThatGoesInTheMiddleIsToldOnce() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    body.started("c9");
    client.awaitLast("started", _ -> true);
    body.die();
    client.awaitLast("status", it -> !it.getBoolean("connected"));
    agents.change(
        agentId,
        it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setBodyTaskId(task(2)));
    JsonObject frame = client.awaitLast("interrupted", _ -> true);
    assertThat(frame.getString("cursor")).isEqualTo("1.2");
    assertThat(frame.getJsonArray("commandIds")).containsExactly("c9");
    FakeBody next = body(agentId, 2);
    next.terminal("again");
    client.awaitLast("terminal", it -> it.getString("cursor").equals("2.1"));
    assertThat(client.all("interrupted")).hasSize(1);
    assertThat(client.all("gap")).isEmpty();
  }

  @Test
  void aPlannedEndIsNoInterruption() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    body.started("c1");
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_HIBERNATING));
    await().until(() -> body.told.stream().anyMatch(it -> it.getHibernate()));
    body.ended("c1", 143);
    body.leave();
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED).setBodyTaskId(""));
    client.awaitLast("status", it -> it.getString("state").equals("HIBERNATED"));
    client.type("wake up\n");
    await()
        .until(
            () ->
                agents.steered.stream()
                    .anyMatch(
                        it ->
                            it.getAgentId().equals(agentId)
                                && it.getWish().name().endsWith("WAKE")));
    FakeBody next = body(agentId, 2);
    await().until(() -> next.typed().equals("wake up\n"));
    assertThat(client.all("interrupted")).isEmpty();
  }

  @Test
  void aFrameIsTheBodysUntilThePlacerHasNotedIt() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    agents.notesRefused = true;
    body.started("c1");
    body.ended("c1", 0);
    client.awaitLast("ended", _ -> true);
    await().until(() -> body.acked() == 1);
    agents.notesRefused = false;
    await().atMost(Duration.ofSeconds(15)).until(() -> body.acked() == 2);
  }

  @Test
  void whoNeverReadsCostsNothingAndIsToldAGapAtTheEnd() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient idle =
        SessionClient.open(
            url(agentId), Map.of("Authorization", "Bearer " + neighbourhood().files.bearer), false);
    open.add(idle);
    SessionClient reader = client(agentId, "?mode=viewer");
    String chunk = "x".repeat(32 * 1024);
    int frames = 600;
    for (int i = 1; i <= frames; i++) {
      body.terminal(chunk);
      int number = i;
      if (i % 50 == 0) {
        // No faster than the one who reads.
        await().atMost(Duration.ofSeconds(20)).until(() -> reader.cursors().size() >= number - 10);
      }
    }
    reader.awaitLast("terminal", it -> it.getString("cursor").equals("1." + frames));
    assertThat(reader.cursors()).hasSize(frames).doesNotHaveDuplicates();
    assertThat(reader.all("gap")).isEmpty();

    idle.readNow();
    JsonObject gap = idle.awaitLast("gap", it -> it.getString("reason").equals("SLOW_READER"));
    idle.awaitLast("terminal", it -> it.getString("cursor").equals("1." + frames));
    assertThat(idle.cursors()).doesNotHaveDuplicates().contains(gap.getString("until"));
    int told = idle.cursors().size();
    assertThat(told).isLessThan(frames);
  }

  @Test
  void anotherStreamOfTheBodyGoesOnWhereTheFirstEnded() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    body.terminal("a");
    client.awaitLast("terminal", it -> it.getString("cursor").equals("1.1"));
    body.die();
    body.terminal("b");
    client.awaitLast("status", it -> !it.getBoolean("connected"));
    body.dial(agents.home(agentId).getAddress(), agents.home(agentId).getEpoch());
    body.terminal("c");
    client.awaitLast("terminal", it -> it.getString("cursor").equals("1.3"));
    assertThat(client.cursors()).containsExactly("1.1", "1.2", "1.3");
  }

  @Test
  void aSilentBodyIsTakenForGone() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected"));
    body.fallSilent();
    client.awaitLast("status", it -> !it.getBoolean("connected"));
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("SESSION_SILENT");
  }

  @Test
  void onlyTheAgentsBodyMayComeAndOnlyToItsHome() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    long epoch = agents.home(agentId).getEpoch();
    String address = agents.home(agentId).getAddress();
    body.die();
    body.dial(address, epoch + 1);
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("STALE_HOME");
    assertThat(StatusMapper.fromStatus(body.ended()).metadata())
        .containsEntry("epoch", Long.toString(epoch));
    agents.change(agentId, it -> it.setBodyTaskId(task(7)));
    body.dial(address, epoch);
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("LEASE_NOT_HELD");
    agents.change(agentId, it -> it.setBody(2));
    body.dial(address, epoch);
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("STALE_BODY");
    neighbourhood().leases.held.clear();
    body.dial(address, epoch);
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("LEASE_NOT_HELD");
  }

  @Test
  void aHomeThatMovesAwayAndBackIsAPauseAndAGapOfWhatNobodyHas() {
    String agentId = spawn();
    FakeBody body = body(agentId, 1);
    SessionClient client = client(agentId, "");
    for (int i = 0; i < 5; i++) {
      body.terminal("a" + i);
    }
    client.awaitLast("terminal", it -> it.getString("cursor").equals("1.5"));
    await().until(() -> body.acked() == 5);
    String here = agents.home(agentId).getAddress();
    agents.move(agentId, "127.0.0.1:1");
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("STALE_HOME");
    body.terminal("b5");
    body.terminal("lost");
    long epoch = agents.move(agentId, here);
    body.dial(here, epoch);
    client.awaitLast("terminal", it -> it.getString("cursor").equals("1.7"));
    assertThat(client.cursors()).containsExactly("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7");
    assertThat(client.all("gap")).isEmpty();
    SessionClient late = client(agentId, "?cursor=1.2");
    late.awaitLast("terminal", it -> it.getString("cursor").equals("1.7"));
    JsonObject gap = late.awaitLast("gap", _ -> true);
    assertThat(gap.getString("reason")).isEqualTo("HOME_LOST");
    assertThat(gap.getString("after")).isEqualTo("1.2");
    assertThat(gap.getString("until")).isEqualTo("1.6");
  }

  @Test
  void aRevokedTokenClosesItsSockets() {
    String agentId = spawn();
    io.restassured.response.Response made =
        request()
            .contentType(ContentType.JSON)
            .body(Map.of("name", "short", "scopes", List.of("agents.read")))
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .response();
    SessionClient client =
        SessionClient.open(neighbourhood().httpPort, agentId, "", made.<String>path("secret"));
    open.add(client);
    client.awaitLast("status", it -> !it.getBoolean("writer"));
    request().delete("/v1/tokens/" + made.<String>path("token.id")).then().statusCode(200);
    assertThat(client.awaitClose()).isEqualTo(1008);
  }

  @Test
  void theEndOfTheAgentIsTheEndOfTheSession() {
    String agentId = spawn();
    SessionClient client = client(agentId, "");
    client.awaitLast("status", _ -> true);
    agents.change(agentId, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));
    assertThat(client.awaitClose()).isEqualTo(1000);
    assertThat(client.heard.getLast().getString("state")).isEqualTo("TERMINATED");
  }

  private static String reason(JsonObject problem) {
    return problem.getJsonObject("problem").getString("reason");
  }

  private static String spawn() {
    return request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"displayName\":\"it\"}}")
        .post("/agents/spawn")
        .then()
        .statusCode(202)
        .extract()
        .path("agent.agentId");
  }

  private SessionClient client(String agentId, String query) {
    SessionClient client =
        SessionClient.open(neighbourhood().httpPort, agentId, query, neighbourhood().files.bearer);
    open.add(client);
    return client;
  }

  private static String url(String agentId) {
    return "ws://127.0.0.1:" + neighbourhood().httpPort + "/v1/agents/" + agentId + "/session";
  }

  private static SessionClient.Refused refused(String url, Map<String, String> headers) {
    SessionClient.Refused refused =
        catchThrowableOfType(
            SessionClient.Refused.class, () -> SessionClient.open(url, headers, true));
    assertThat(refused).as(url).isNotNull();
    return refused;
  }

  private static String task(int body) {
    return "tsk_" + String.format("%026d", body);
  }

  /** Gives the agent a body, and waits until it is at home. */
  private FakeBody body(String agentId, int number) {
    agents.change(
        agentId,
        it ->
            it.setState(AgentState.AGENT_STATE_RUNNING)
                .setBody(number)
                .setBodyTaskId(task(number))
                .setWorkerId(WORKER.id()));
    AttemptKey lease =
        AttemptKey.newBuilder()
            .setTaskId(task(number))
            .setAttempt(1)
            .setFence(FENCES.incrementAndGet())
            .build();
    neighbourhood()
        .leases
        .held
        .put(
            CheckLeaseRequest.newBuilder().setWorkerId(WORKER.id()).setLease(lease).build(),
            CheckLeaseResponse.newBuilder().setTenant("acme").build());
    FakeBody body =
        new FakeBody(
            WORKER.identity(),
            BodyHello.newBuilder()
                .setProtocolVersion(1)
                .setAgentId(agentId)
                .setBody(number)
                .setLease(lease)
                .build());
    open.add(body);
    // A client may have made it, or nobody has.
    await().until(() -> !agents.beats.isEmpty());
    if (agents.home(agentId).getAddress().isEmpty()) {
      agents.move(agentId, agents.beats.getLast());
    }
    body.dial(agents.home(agentId).getAddress(), agents.home(agentId).getEpoch());
    await().until(body::welcome);
    return body;
  }
}
