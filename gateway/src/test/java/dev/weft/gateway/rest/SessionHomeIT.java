package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.MeshFiles;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.proto.agents.v1.AgentCost;
import dev.weft.proto.agents.v1.AgentCostAmount;
import dev.weft.proto.agents.v1.AgentState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What passes through an agent's home, by a real WebSocket, with a body that a test plays. */
class SessionHomeIT {

  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());

  private final FakeAgents agents = neighbourhood().agents;
  private final Sessions sessions = new Sessions(neighbourhood(), WORKER);

  @AfterEach
  void close() throws Exception {
    agents.notesRefused = false;
    sessions.close();
  }

  @Test
  void whatABodySaysIsSeenAndWhatAClientSaysArrives() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
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
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient first = sessions.client(agentId, "");
    for (int i = 0; i < 10; i++) {
      body.terminal("a" + i);
    }
    first.awaitLast("terminal", it -> it.getString("cursor").equals("1.10"));
    first.close();
    for (int i = 0; i < 10; i++) {
      body.terminal("b" + i);
    }
    SessionClient second = sessions.client(agentId, "?cursor=1.7");
    second.awaitLast("terminal", it -> it.getString("cursor").equals("1.20"));
    assertThat(second.cursors()).startsWith("1.8", "1.9").hasSize(13).doesNotHaveDuplicates();
    SessionClient third = sessions.client(agentId, "");
    third.awaitLast("terminal", it -> it.getString("cursor").equals("1.20"));
    assertThat(third.cursors()).hasSize(20);
  }

  @Test
  void aPlaceToWhichTheSessionHasNotComeIsOneGapAndTheSessionGoesOnWithWhatComes() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient first = sessions.client(agentId, "");
    body.terminal("old");
    first.awaitLast("terminal", _ -> true);

    SessionClient lost = sessions.client(agentId, "?cursor=9.1");
    JsonObject gap = lost.awaitLast("gap", _ -> true);
    body.terminal("new");

    lost.awaitLast("terminal", it -> it.getString("text").equals("new"));
    assertThat(lost.all("gap")).hasSize(1);
    assertThat(lost.all("terminal")).hasSize(1);
    assertThat(gap.getString("after")).isEqualTo("9.1");
    assertThat(gap.getString("cursor")).isEqualTo("1.1");
    assertThat(gap.getString("until")).isEqualTo("1.2");
    assertThat(gap.getString("reason")).isEqualTo("CURSOR_UNKNOWN");
    assertThat(gap.getJsonObject("problem").getString("message"))
        .isEqualTo("cursor: 9.1 (expected: at most 1.1, where this session is)");
  }

  @Test
  void whoAsksIsToldWhatTheAgentCostsByNow() {
    String agentId = sessions.spawn();
    AgentCost told =
        AgentCost.newBuilder()
            .setAsOf(Timestamps.fromMillis(System.currentTimeMillis() - 3_600_000))
            .addAmounts(
                AgentCostAmount.newBuilder()
                    .setCurrencyCode("USD")
                    .setMicros(1_000)
                    .setMicrosPerHour(500_000))
            .build();
    agents.change(agentId, it -> it.setCost(told));
    SessionClient client = sessions.client(agentId, "?mode=viewer");
    JsonObject cost = client.awaitLast("status", _ -> true).getJsonObject("cost");
    assertThat(cost.getBoolean("incomplete")).isFalse();
    JsonObject amount = cost.getJsonArray("amounts").getJsonObject(0);
    assertThat(amount.getString("currency")).isEqualTo("USD");
    assertThat(amount.getLong("microsPerHour")).isEqualTo(500_000);
    assertThat(amount.getLong("micros")).isBetween(501_000L, 520_000L);

    int statuses = client.all("status").size();
    client.send(new JsonObject().put("type", "status"));
    await().until(() -> client.all("status").size() > statuses);
    assertThat(micros(client.all("status").getLast())).isGreaterThan(amount.getLong("micros"));
    client.send(new JsonObject().put("type", "status").put("of", "cost"));
    client.awaitLast("problem", it -> reason(it).equals("INVALID_FIELD"));
  }

  private static long micros(JsonObject status) {
    return status.getJsonObject("cost").getJsonArray("amounts").getJsonObject(0).getLong("micros");
  }

  @Test
  void oneWritesAndManyWatchUntilOneTakesOver() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient writer = sessions.client(agentId, "");
    writer.awaitLast("status", it -> it.getBoolean("writer") && it.getBoolean("connected"));
    SessionClient second = sessions.client(agentId, "");
    second.awaitLast("status", it -> !it.getBoolean("writer"));
    SessionClient viewer = sessions.client(agentId, "?mode=viewer");
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
  void aPlannedEndIsNoInterruption() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
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
    FakeBody next = sessions.body(agentId, 2);
    await().until(() -> next.typed().equals("wake up\n"));
    assertThat(client.all("interrupted")).isEmpty();
  }

  @Test
  void aFrameIsTheBodysUntilThePlacerHasNotedIt() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    agents.notesRefused = true;
    body.started("c1");
    body.ended("c1", 0);
    client.awaitLast("ended", _ -> true);
    await().until(() -> body.acked() == 1);
    agents.notesRefused = false;
    await().atMost(Duration.ofSeconds(15)).until(() -> body.acked() == 2);
  }

  @Test
  void onlyTheAgentsBodyMayComeAndOnlyToItsHome() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    long epoch = agents.home(agentId).getEpoch();
    String address = agents.home(agentId).getAddress();
    body.die();
    body.dial(address, epoch + 1);
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("STALE_HOME");
    assertThat(StatusMapper.fromStatus(body.ended()).metadata())
        .containsEntry("epoch", Long.toString(epoch));
    agents.change(agentId, it -> it.setBodyTaskId(Sessions.task(7)));
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
  void theEndOfAWorkersCertificateEndsItsBodysStreamAndWithItsNextOneTheSessionGoesOn()
      throws Exception {
    MeshFiles files = neighbourhood().files;
    MeshIdentity identity =
        new MeshIdentity(files.credentials("worker", WORKER.id(), Duration.ofSeconds(4)));
    try (Sessions own = new Sessions(neighbourhood(), new JoinedWorker(WORKER.id(), identity))) {
      String agentId = own.spawn();
      FakeBody body = own.body(agentId, 1);
      SessionClient client = own.client(agentId, "");
      body.terminal("before");

      identity.replace(files.credentials("worker", WORKER.id(), Duration.ofHours(1)));

      body.terminal("on the old one");
      client.awaitLast("terminal", it -> it.getString("text").equals("on the old one"));
      assertThat(body.welcome()).as("a renewal alone ends nothing").isTrue();
      await().until(() -> body.ended() != null);
      assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("CERTIFICATE_EXPIRED");
      body.terminal("after");
      body.dial(agents.home(agentId).getAddress(), agents.home(agentId).getEpoch());
      client.awaitLast("terminal", it -> it.getString("text").equals("after"));
      assertThat(client.cursors()).containsExactly("1.1", "1.2", "1.3");
      assertThat(client.all("interrupted")).isEmpty();
    }
  }

  private static String reason(JsonObject problem) {
    return problem.getJsonObject("problem").getString("reason");
  }
}
