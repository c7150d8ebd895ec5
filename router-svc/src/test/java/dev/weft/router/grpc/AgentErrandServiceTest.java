package dev.weft.router.grpc;

import static dev.weft.router.grpc.AgentCalls.ARTIFACT;
import static dev.weft.router.grpc.AgentCalls.OTHER_ARTIFACT;
import static dev.weft.router.grpc.CellCalls.assertReason;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.UncheckedExecutionException;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.ForkAgentRequest;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.agent.CommandEnds;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What bodies do themselves, and agents that are made of others, through a whole router. */
class AgentErrandServiceTest {

  private final RouterFixture router = new RouterFixture().holding();
  private final AgentCalls agents = new AgentCalls(router);
  private final ErrandCalls errands = new ErrandCalls(router);

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void whoWaitsForACommandIsToldItsEndAndWhatCameOfIt() throws Exception {
    String id = running();
    errands.errand(id, "store", 1);
    ListenableFuture<AwaitCommandResponse> end = waiting(id, "store");
    assertThat(end.isDone()).isFalse();

    errands.settleStored(id, "store", 1, ARTIFACT);

    AwaitCommandResponse told = end.get(5, TimeUnit.SECONDS);
    assertThat(told.getState()).isEqualTo(CommandState.COMMAND_STATE_ENDED);
    assertThat(told.getOutcome().getSnapshot()).isEqualTo(ErrandCalls.taken(ARTIFACT));
    assertThat(errands.standing(id, "store")).isEqualTo(told);
    assertThat(errands.errand(id, "store", 1).getExisting()).isTrue();
  }

  @Test
  void whoWaitsForACommandIsToldThatItWentAwayWithItsAgent() throws Exception {
    String id = running();
    errands.errand(id, "store", 1);
    ListenableFuture<AwaitCommandResponse> end = waiting(id, "store");

    agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);

    assertThat(end.get(5, TimeUnit.SECONDS).getState())
        .isEqualTo(CommandState.COMMAND_STATE_INTERRUPTED);
  }

  @Test
  void aBodyMayReadWhatItIsToPutForAsLongAsItIsTo() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey lease = agents.running(worker, id, 1);
    assertThat(errands.readable(lease)).isEmpty();

    errands.put(id, "put", 1, ARTIFACT);
    assertThat(errands.readable(lease)).containsExactly(ARTIFACT);

    agents.settle(id, "put", 1, 0);
    assertThat(errands.readable(lease)).isEmpty();
  }

  @Test
  void patienceThatIsOverTellsHowTheCommandStands() throws Exception {
    String id = running();
    errands.errand(id, "store", 1);

    assertThat(errands.standing(id, "store").getState())
        .isEqualTo(CommandState.COMMAND_STATE_GIVEN);
    assertThat(errands.awaiting("acme", id, "store", 1).get(5, TimeUnit.SECONDS).getState())
        .isEqualTo(CommandState.COMMAND_STATE_GIVEN);
    assertThat(router.agentParts.ends().waiting("acme")).isZero();
    assertThat(errands.standing(id, "never").getState())
        .isEqualTo(CommandState.COMMAND_STATE_UNSPECIFIED);
  }

  @Test
  void nobodyWaitsForAnotherTenantsCommandAndNotTooManyWaitAtAll() throws Exception {
    String id = running();
    errands.errand(id, "store", 1);
    refused("AGENT_NOT_FOUND", errands.awaiting("other", id, "store", 1));
    refused("INVALID_FIELD", errands.awaiting("acme", id, "no id", 1));
    List<ListenableFuture<AwaitCommandResponse>> many = new ArrayList<>();
    for (int i = 0; i < CommandEnds.MOST_WAITING; i++) {
      many.add(errands.awaiting("acme", id, "store", 10));
      if (many.size() % 20 == 0) {
        Awaitility.await()
            .until(() -> router.agentParts.ends().waiting("acme"), count -> count == many.size());
      }
    }

    refused("AGENTS_BUSY", errands.awaiting("acme", id, "store", 1));

    errands.settleStored(id, "store", 1, ARTIFACT);
    for (ListenableFuture<AwaitCommandResponse> each : many) {
      assertThat(each.get(10, TimeUnit.SECONDS).getState())
          .isEqualTo(CommandState.COMMAND_STATE_ENDED);
    }
    assertThat(router.agentParts.ends().waiting("acme")).isZero();
  }

  @Test
  void aForkHasTheOthersSpecAndWorkspaceUnderANameOfItsOwn() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    agents.snapshot(id, 1, ARTIFACT, 1_000);
    ForkAgentRequest.Builder request = ErrandCalls.forkOf(id).setRequestId("f-1");

    Agent fork = errands.fork(request).getAgent();

    assertThat(fork.getForkedFrom()).isEqualTo(id);
    assertThat(fork.getSpec().getDisplayName()).isEqualTo("twin");
    assertThat(fork.getSpec().toBuilder().setDisplayName("helper").build())
        .isEqualTo(agents.fetch(id).getSpec());
    assertThat(fork.getSnapshot().getArtifactId()).isEqualTo(ARTIFACT);
    TaskSpec body = spec(worker, fork.getAgentId());
    assertThat(body.getWorkspaceArtifact()).isEqualTo(ARTIFACT);
    assertThat(body.getAgent().getStoreFirst()).isTrue();
    assertThat(agents.fetch(id).getBodyTaskId()).isEqualTo(key.getTaskId());
    assertThat(agents.fetch(id).getState()).isEqualTo(AgentState.AGENT_STATE_RUNNING);
    var again =
        errands.fork(
            ErrandCalls.forkOf(id)
                .setRequestId("f-1")
                .setSnapshot(ErrandCalls.taken(OTHER_ARTIFACT)));
    assertThat(again.getExisting()).isTrue();
    assertThat(again.getAgent().getAgentId()).isEqualTo(fork.getAgentId());
    assertReason("REQUEST_ID_REUSED", () -> agents.open(AgentCalls.request().setRequestId("f-1")));
  }

  @Test
  void aForkBeginsWithWhatWasStoredForItAndThenWithItsOwn() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    agents.running(worker, id, 1);

    Agent fork =
        errands.fork(ErrandCalls.forkOf(id).setSnapshot(ErrandCalls.taken(ARTIFACT))).getAgent();

    assertThat(spec(worker, fork.getAgentId()).getWorkspaceArtifact()).isEqualTo(ARTIFACT);
    AttemptKey key = agents.running(worker, fork.getAgentId(), 1);
    worker.succeed(key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_DRAINED, OTHER_ARTIFACT));
    TaskSpec next = TaskSpec.parseFrom(agents.assigned(worker, fork.getAgentId(), 2).getSpec());
    assertThat(next.getWorkspaceArtifact()).isEqualTo(OTHER_ARTIFACT);
    assertThat(next.getAgent().getStoreFirst()).isFalse();
  }

  @Test
  void whatMayNotBeForkedIsNotAndAForkCountsAsAnAgent() {
    String id = agents.spawned();
    assertReason("AGENT_NOT_FOUND", () -> errands.fork(ErrandCalls.forkOf(id).setTenant("other")));
    assertReason("INVALID_FIELD", () -> errands.fork(ErrandCalls.forkOf(id).setForkId("agt_x")));
    errands.fork(ErrandCalls.forkOf(id));
    errands.fork(ErrandCalls.forkOf(id));
    assertReason("AGENT_QUOTA", () -> errands.fork(ErrandCalls.forkOf(id)));

    agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);

    assertReason("AGENT_OVER", () -> errands.fork(ErrandCalls.forkOf(id)));
  }

  private TaskSpec spec(TestWorker worker, String id) throws InvalidProtocolBufferException {
    return TaskSpec.parseFrom(agents.assigned(worker, id, 1).getSpec());
  }

  private String running() {
    String id = agents.spawned();
    agents.running(router.worker(1).greeted(), id, 1);
    return id;
  }

  private ListenableFuture<AwaitCommandResponse> waiting(String id, String command) {
    ListenableFuture<AwaitCommandResponse> end = errands.awaiting("acme", id, command, 10);
    Awaitility.await().until(() -> router.agentParts.ends().waiting("acme") == 1);
    return end;
  }

  private static void refused(String reason, ListenableFuture<?> call) {
    assertReason(
        reason,
        () -> {
          try {
            return Futures.getUnchecked(call);
          } catch (UncheckedExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
          }
        });
  }
}
