package dev.weft.router.grpc;

import static dev.weft.router.grpc.CellCalls.assertReason;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.TaskResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gateways and bodies ask for agents, through a whole router. */
class AgentCellServiceTest {

  private static final String HERE = "gw-1:7110";

  private final RouterFixture router = new RouterFixture().holding();
  private final AgentCalls agents = new AgentCalls(router);

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void openingTwiceIsOpeningOnceAndTheQuotaHolds() {
    OpenAgentRequest.Builder request =
        AgentCalls.request()
            .setRequestId("r-1")
            .setSpec(AgentSpec.newBuilder().putEnvironment("A", "1").putEnvironment("B", "2"));
    Agent first = agents.open(request).getAgent();
    var again =
        agents.open(
            AgentCalls.request()
                .setRequestId("r-1")
                .setSpec(AgentSpec.newBuilder().putEnvironment("B", "2").putEnvironment("A", "1")));
    assertThat(again.getExisting()).isTrue();
    assertThat(again.getAgent().getAgentId()).isEqualTo(first.getAgentId());
    assertReason("REQUEST_ID_REUSED", () -> agents.open(AgentCalls.request().setRequestId("r-1")));

    agents.spawned();
    agents.spawned();
    assertReason("AGENT_QUOTA", agents::spawned);
    assertThat(agents.open(AgentCalls.request().setTenant("other")).getExisting()).isFalse();
    agents.steer(first.getAgentId(), AgentWish.AGENT_WISH_TERMINATE);
    assertThat(agents.spawned()).isNotEmpty();
  }

  @Test
  void whatMakesNoSenseIsNamed() {
    AgentSpec.Builder spec = AgentSpec.newBuilder();
    List<OpenAgentRequest.Builder> wrong =
        List.of(
            AgentCalls.request().setAgentId("agt_nonsense"),
            AgentCalls.request().setTenant(""),
            AgentCalls.request().setSpec(spec.clone().setQueue("No Such Queue")),
            AgentCalls.request().setSpec(spec.clone().setWorkspaceArtifact("/home/me")),
            AgentCalls.request()
                .setSpec(spec.clone().setIdleTimeout(Duration.newBuilder().setSeconds(9))));
    wrong.forEach(request -> assertReason("INVALID_FIELD", () -> agents.open(request)));
    String id = agents.spawned();
    assertReason("INVALID_FIELD", () -> agents.command(id, "not an id", 0));
    assertReason("INVALID_FIELD", () -> agents.take(id, 0, 0));
    assertReason("INVALID_FIELD", () -> agents.beat("nonsense"));
    assertReason("INVALID_FIELD", () -> agents.steer(id, AgentWish.AGENT_WISH_UNSPECIFIED));
    assertReason("INVALID_FIELD", () -> agents.snapshot(id, 1, "art_nonsense", 1));
    assertReason("INVALID_PAGE_TOKEN", () -> agents.list(1, "nonsense"));
  }

  @Test
  void nobodySeesAnotherTenantsAgent() {
    String id = agents.spawned();

    assertReason("AGENT_NOT_FOUND", () -> agents.fetch("other", id));
    assertReason("AGENT_NOT_FOUND", () -> agents.follow("other", id).next());
    assertReason("AGENT_NOT_FOUND", () -> agents.fetch(AgentCalls.request().getAgentId()));
  }

  @Test
  void agentsAreListedByPages() {
    List<String> ids = new ArrayList<>(List.of(agents.spawned(), agents.spawned()));
    agents.steer(ids.getFirst(), AgentWish.AGENT_WISH_TERMINATE);
    ids.sort(null);

    var first = agents.list(1, "");
    assertThat(first.getAgents(0).getAgentId()).isEqualTo(ids.getLast());
    var second = agents.list(1, first.getNextPageToken());
    assertThat(second.getAgents(0).getAgentId()).isEqualTo(ids.getFirst());
    assertThat(agents.list(1, second.getNextPageToken()).getAgentsList()).isEmpty();
    assertThat(agents.list(10, "", AgentState.AGENT_STATE_TERMINATED).getAgentsList()).hasSize(1);
  }

  @Test
  void aHomeIsKeptWhileItsGatewayBeats() {
    String id = agents.spawned();
    String other = agents.spawned();
    assertReason("NO_GATEWAY", () -> agents.locate(id));
    agents.beat(HERE);

    Home home = agents.locate(id);
    assertThat(home).isEqualTo(Home.newBuilder().setAddress(HERE).setEpoch(1).build());
    agents.beat("gw-2:7110");
    assertThat(agents.locate(id)).isEqualTo(home);
    assertThat(agents.locate(other).getAddress()).isEqualTo("gw-2:7110");
  }

  @Test
  void whoAsksIsToldSinceWhenAnAgentIsIdleAsItsHomeSays() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    agents.running(worker, id, 1);
    agents.beat(HERE);
    agents.locate(id);
    AgentIdle idle =
        AgentIdle.newBuilder()
            .setSince(Timestamp.newBuilder().setSeconds(60))
            .setHibernatesAt(Timestamp.newBuilder().setSeconds(960))
            .build();

    agents.beat(HERE, IdleAgent.newBuilder().setAgentId(id).setBody(1).setIdle(idle).build());

    assertThat(agents.fetch(id).getIdle()).isEqualTo(idle);
    assertThat(agents.list(1, "").getAgents(0).getIdle()).isEqualTo(idle);
    agents.beat(HERE);
    assertThat(agents.fetch(id).hasIdle()).isFalse();
    assertReason(
        "INVALID_FIELD", () -> agents.beat(HERE, IdleAgent.newBuilder().setAgentId("x").build()));
  }

  @Test
  void aBodyFindsItsHomeByItsLeaseAlone() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    agents.beat(HERE);
    AttemptKey key = agents.assigned(worker, id, 1).getKey();

    var found = agents.find(1, key);
    assertThat(found.getAgentId()).isEqualTo(id);
    assertThat(found.getHome()).isEqualTo(agents.locate(id));
    assertThat(found.getHibernate()).isFalse();
    assertReason("LEASE_NOT_HELD", () -> agents.find(2, key));
    assertReason(
        "LEASE_NOT_HELD",
        () -> agents.find(1, key.toBuilder().setFence(key.getFence() + 1).build()));
    AttemptKey noBody = worker.awaitAssignment(router.accepted()).getKey();
    assertReason("LEASE_NOT_HELD", () -> agents.find(1, noBody));
    agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);
    assertReason("LEASE_NOT_HELD", () -> agents.find(1, key));
  }

  @Test
  void commandsWaitForABodyAndAreRunOnce() {
    TestWorker worker = router.worker(1).greeted();
    agents.beat(HERE);
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    worker.succeed(key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_IDLE, AgentCalls.ARTIFACT));
    agents.await(id, AgentState.AGENT_STATE_HIBERNATED);

    var accepted = agents.command(id, "a", 1);
    assertThat(accepted.getState()).isEqualTo(CommandState.COMMAND_STATE_QUEUED);
    assertThat(agents.command(id, "a", 0).getExisting()).isTrue();
    assertReason("COMMAND_ID_REUSED", () -> agents.command(id, "a", 0, "false"));
    assertThat(agents.fetch(id).getQueuedCommands()).isEqualTo(1);
    agents.running(worker, id, 2);
    long home = agents.locate(id).getEpoch();
    assertReason("STALE_BODY", () -> agents.take(id, 1, home));
    assertReason("STALE_HOME", () -> agents.take(id, 2, home + 1));
    assertThat(agents.take(id, 2, home)).containsExactly("a");
    assertThat(agents.command(id, "b", 2).getBody()).isEqualTo(2);
    assertThat(agents.take(id, 2, home)).containsExactly("a", "b");
    agents.settle(id, "a", 2, 7);

    assertThat(agents.take(id, 2, home)).containsExactly("b");
    assertThat(agents.command(id, "a", 2).getExitCode()).isEqualTo(7);
    agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);
    assertThat(agents.command(id, "b", 2).getState())
        .isEqualTo(CommandState.COMMAND_STATE_INTERRUPTED);
    assertReason("AGENT_OVER", () -> agents.command(id, "c", 2));
  }

  @Test
  void whoFollowsIsToldWhatIsAndEveryChangeUntilItIsOver() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    Iterator<FollowAgentResponse> followed = agents.follow("acme", id);
    FollowAgentResponse last = followed.next();
    assertThat(last.getAgent().getAgentId()).isEqualTo(id);
    agents.running(worker, id, 1);
    agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);

    long revision = last.getAgent().getRevision();
    while (followed.hasNext()) {
      last = followed.next();
      assertThat(last.getAgent().getRevision()).isGreaterThan(revision);
      revision = last.getAgent().getRevision();
    }

    assertThat(last.getAgent().getState()).isEqualTo(AgentState.AGENT_STATE_TERMINATED);
  }

  @Test
  void whoFollowsIsSentOnWhenTheCellMoves() {
    Iterator<FollowAgentResponse> followed = agents.follow("acme", agents.spawned());
    followed.next();

    router.standsBy();

    assertReason(
        "NOT_HOLDER",
        () -> {
          while (true) {
            followed.next();
          }
        });
  }

  @Test
  void aDatabaseThatIsAwayIsSaidSoAndWhatItMissedIsMadeUpFor() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    router.agents.away(true);
    assertReason("CELL_UNAVAILABLE", () -> agents.fetch(id));
    worker.succeed(key, TaskResult.getDefaultInstance());

    router.agents.away(false);

    agents.running(worker, id, 2);
    assertThat(agents.fetch(id).getProblem().getReason()).isEqualTo("BODY_FAILED");
  }
}
