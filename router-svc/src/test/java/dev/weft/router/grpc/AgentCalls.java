package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.BeatGatewayRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentsRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentsResponse;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.proto.internal.agent.v1.FindHomeResponse;
import dev.weft.proto.internal.agent.v1.FollowAgentRequest;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.agent.v1.LocateHomeRequest;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.agent.v1.OpenAgentResponse;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.internal.agent.v1.TakeCommandsRequest;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.tasks.v1.BodyEnd;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.router.domain.agent.AgentId;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** What gateways and workers call for agents of the tenant acme. */
final class AgentCalls {

  static final String ARTIFACT = "art_01hzzzzzzzzzzzzzzzzzzzzzzz";
  static final String OTHER_ARTIFACT = "art_01hzzzzzzzzzzzzzzzzzzzzzz0";

  private final RouterFixture router;

  AgentCalls(RouterFixture router) {
    this.router = router;
  }

  static OpenAgentRequest.Builder request() {
    return OpenAgentRequest.newBuilder()
        .setAgentId(WireIds.text(new AgentId(UUID.randomUUID())))
        .setTenant("acme")
        .setPrincipal("me")
        .setSpec(AgentSpec.newBuilder().setDisplayName("helper"));
  }

  OpenAgentResponse open(OpenAgentRequest.Builder request) {
    return router.agentCell().openAgent(request.build());
  }

  String spawned() {
    return open(request()).getAgent().getAgentId();
  }

  Agent fetch(String id) {
    return fetch("acme", id);
  }

  Agent fetch(String tenant, String id) {
    return router
        .agentCell()
        .fetchAgent(FetchAgentRequest.newBuilder().setTenant(tenant).setAgentId(id).build())
        .getAgent();
  }

  FetchAgentsResponse list(int size, String token, AgentState... states) {
    return router
        .agentCell()
        .fetchAgents(
            FetchAgentsRequest.newBuilder()
                .setTenant("acme")
                .setPageSize(size)
                .setPageToken(token)
                .addAllStates(List.of(states))
                .build());
  }

  Agent await(String id, AgentState state) {
    Awaitility.await().untilAsserted(() -> assertThat(fetch(id).getState()).isEqualTo(state));
    return fetch(id);
  }

  Agent await(String id, AgentState state, int body) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              Agent now = fetch(id);
              assertThat(now.getState()).isEqualTo(state);
              assertThat(now.getBody()).isEqualTo(body);
            });
    return fetch(id);
  }

  /** The assignment of the agent's body with that number. */
  Assignment assigned(TestWorker worker, String id, int body) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(fetch(id).getBody()).isEqualTo(body);
              assertThat(fetch(id).getBodyTaskId()).isNotEmpty();
            });
    return worker.awaitAssignment(fetch(id).getBodyTaskId());
  }

  /** The worker's body runs. */
  AttemptKey running(TestWorker worker, String id, int body) {
    AttemptKey key = assigned(worker, id, body).getKey();
    worker.started(key);
    await(id, AgentState.AGENT_STATE_RUNNING, body);
    return key;
  }

  static TaskResult ended(BodyEndCause cause, String artifact, String... begun) {
    return TaskResult.newBuilder()
        .setBodyEnd(
            BodyEnd.newBuilder()
                .setCause(cause)
                .setWorkspaceArtifact(artifact)
                .setPaths(7)
                .addAllBegunCommandIds(List.of(begun)))
        .build();
  }

  Agent steer(String id, AgentWish wish) {
    return router
        .agentCell()
        .steerAgent(
            SteerAgentRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setWish(wish)
                .setPrincipal("me")
                .setReason("enough")
                .build())
        .getAgent();
  }

  Object beat(String address, IdleAgent... idle) {
    return router
        .agentCell()
        .beatGateway(
            BeatGatewayRequest.newBuilder().setAddress(address).addAllIdle(List.of(idle)).build());
  }

  Home locate(String id) {
    return router
        .agentCell()
        .locateHome(LocateHomeRequest.newBuilder().setTenant("acme").setAgentId(id).build())
        .getHome();
  }

  FindHomeResponse find(int worker, AttemptKey key) {
    return router.body(worker).findHome(FindHomeRequest.newBuilder().setLease(key).build());
  }

  AcceptCommandResponse command(String id, String command, int body) {
    return command(id, command, body, "true");
  }

  AcceptCommandResponse command(String id, String command, int body, String program) {
    return router
        .agentCell()
        .acceptCommand(
            AcceptCommandRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setPrincipal("me")
                .setBody(body)
                .setCommand(
                    AgentCommand.newBuilder()
                        .setCommandId(command)
                        .addArgv(program)
                        .setTraceparent("trace-" + command))
                .build());
  }

  List<String> take(String id, int body, long homeEpoch) {
    return router
        .agentCell()
        .takeCommands(
            TakeCommandsRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setBody(body)
                .setHomeEpoch(homeEpoch)
                .build())
        .getCommandsList()
        .stream()
        .map(AgentCommand::getCommandId)
        .toList();
  }

  Object settle(String id, String command, int body, int exitCode) {
    return router
        .agentCell()
        .settleCommand(
            SettleCommandRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setCommandId(command)
                .setBody(body)
                .setExitCode(exitCode)
                .build());
  }

  Object snapshot(String id, int body, String artifact, long second) {
    return router
        .agentCell()
        .recordSnapshot(
            RecordSnapshotRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setBody(body)
                .setSnapshot(
                    WorkspaceSnapshot.newBuilder()
                        .setArtifactId(artifact)
                        .setTakenAt(Timestamp.newBuilder().setSeconds(second))
                        .setPaths(3))
                .build());
  }

  Iterator<FollowAgentResponse> follow(String tenant, String id) {
    return router
        .agentCell()
        .followAgent(FollowAgentRequest.newBuilder().setTenant(tenant).setAgentId(id).build());
  }
}
