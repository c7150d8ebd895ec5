package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.FakeAgents;
import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.agents.v1.AgentState;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions whose body, home or reader fails. */
class SessionFaultsIT {

  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());

  private final FakeAgents agents = neighbourhood().agents;
  private final Sessions sessions = new Sessions(neighbourhood(), WORKER);

  @AfterEach
  void close() throws Exception {
    sessions.close();
  }

  @Test
  void aBodyThatGoesInTheMiddleIsToldOnce() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    body.started("c9");
    client.awaitLast("started", _ -> true);
    body.die();
    client.awaitLast("status", it -> !it.getBoolean("connected"));
    agents.change(
        agentId,
        it ->
            it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setBodyTaskId(Sessions.task(2)));
    JsonObject frame = client.awaitLast("interrupted", _ -> true);
    assertThat(frame.getString("cursor")).isEqualTo("1.2");
    assertThat(frame.getJsonArray("commandIds")).containsExactly("c9");
    FakeBody next = sessions.body(agentId, 2);
    next.terminal("again");
    client.awaitLast("terminal", it -> it.getString("cursor").equals("2.1"));
    assertThat(client.all("interrupted")).hasSize(1);
    assertThat(client.all("gap")).isEmpty();
  }

  @Test
  void whoNeverReadsCostsNothingAndHasEveryFrameInTheEnd() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient idle =
        SessionClient.open(
            sessions.url(agentId),
            Map.of("Authorization", "Bearer " + neighbourhood().files.bearer),
            false);
    sessions.keep(idle);
    SessionClient reader = sessions.client(agentId, "?mode=viewer");
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
    idle.awaitLast("terminal", it -> it.getString("cursor").equals("1." + frames));
    assertThat(idle.cursors()).hasSize(frames).isEqualTo(reader.cursors());
    assertThat(idle.all("gap")).isEmpty();
  }

  @Test
  void anotherStreamOfTheBodyGoesOnWhereTheFirstEnded() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
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
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected"));
    body.fallSilent();
    client.awaitLast("status", it -> !it.getBoolean("connected"));
    await().until(() -> body.ended() != null);
    assertThat(StatusMapper.fromStatus(body.ended()).reason()).isEqualTo("SESSION_SILENT");
  }

  @Test
  void aHomeThatMovesAwayAndBackIsAPauseForWhoComesLaterToo() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
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
    SessionClient late = sessions.client(agentId, "?cursor=1.2");
    late.awaitLast("terminal", it -> it.getString("cursor").equals("1.7"));
    assertThat(late.cursors()).containsExactly("1.3", "1.4", "1.5", "1.6", "1.7");
    assertThat(late.all("gap")).isEmpty();
  }

  @Test
  void whatTheLogHasDroppedIsAGap() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    for (int i = 0; i < 5; i++) {
      body.terminal("a" + i);
    }
    await().until(() -> body.acked() == 5);
    String here = agents.home(agentId).getAddress();
    agents.move(agentId, "127.0.0.1:1");
    await().until(() -> body.ended() != null);
    neighbourhood().frames.drop(agentId, 1, 3);
    agents.move(agentId, here);
    SessionClient late = sessions.client(agentId, "?cursor=0.0");
    JsonObject gap = late.awaitLast("gap", _ -> true);
    late.awaitLast("terminal", it -> it.getString("cursor").equals("1.5"));
    assertThat(gap.getString("reason")).isEqualTo("EVICTED");
    assertThat(gap.getString("until")).isEqualTo("1.4");
    assertThat(late.cursors()).containsExactly("1.4", "1.5");
  }

  @Test
  void whileFramesCantBeStoredTheBodyIsHeldAndNothingIsLost() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    body.terminal("first");
    await().until(() -> body.acked() == 1);
    neighbourhood().frames.away(true);
    try {
      body.terminal("second");
      client.awaitLast("terminal", it -> it.getString("cursor").equals("1.2"));
      client.awaitLast("status", it -> it.getBoolean("held"));
      assertThat(body.acked()).isEqualTo(1);
    } finally {
      neighbourhood().frames.away(false);
    }
    client.awaitLast("status", it -> !it.getBoolean("held"));
    await().until(() -> body.acked() == 2);
    assertThat(client.cursors()).containsExactly("1.1", "1.2");
  }
}
