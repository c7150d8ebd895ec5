package dev.weft.router.grpc;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandOutcome;
import dev.weft.proto.internal.agent.v1.ForkAgentRequest;
import dev.weft.proto.internal.agent.v1.ForkAgentResponse;
import dev.weft.proto.internal.agent.v1.PutFiles;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.agent.v1.StoreWorkspace;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.placement.Workers;
import java.util.List;
import java.util.UUID;

/** Errands and forks of agents of the tenant acme, as gateways ask for them. */
final class ErrandCalls {

  private final RouterFixture router;

  ErrandCalls(RouterFixture router) {
    this.router = router;
  }

  AcceptCommandResponse errand(String id, String command, int body) {
    return accepted(
        id,
        body,
        AgentCommand.newBuilder()
            .setCommandId(command)
            .setStoreWorkspace(StoreWorkspace.getDefaultInstance()));
  }

  AcceptCommandResponse put(String id, String command, int body, String artifact) {
    return accepted(
        id,
        body,
        AgentCommand.newBuilder()
            .setCommandId(command)
            .setPutFiles(PutFiles.newBuilder().setArtifactId(artifact)));
  }

  /** What the store is told of the lease of an agent's body. */
  List<String> readable(AttemptKey lease) {
    return router
        .leases()
        .checkLease(
            CheckLeaseRequest.newBuilder()
                .setWorkerId(WireIds.text(Workers.id(1)))
                .setLease(lease)
                .build())
        .getArtifactIdsList();
  }

  private AcceptCommandResponse accepted(String id, int body, AgentCommand.Builder command) {
    return router
        .agentCell()
        .acceptCommand(
            AcceptCommandRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setBody(body)
                .setCommand(command)
                .build());
  }

  /** It ended well, with a stored workspace. */
  void settleStored(String id, String command, int body, String artifact) {
    router
        .agentCell()
        .settleCommand(
            SettleCommandRequest.newBuilder()
                .setTenant("acme")
                .setAgentId(id)
                .setCommandId(command)
                .setBody(body)
                .setOutcome(CommandOutcome.newBuilder().setSnapshot(taken(artifact)))
                .build());
  }

  static WorkspaceSnapshot taken(String artifact) {
    return WorkspaceSnapshot.newBuilder()
        .setArtifactId(artifact)
        .setTakenAt(Timestamp.newBuilder().setSeconds(5))
        .setPaths(3)
        .build();
  }

  ListenableFuture<AwaitCommandResponse> awaiting(
      String tenant, String id, String command, int seconds) {
    return router
        .agentCellFuture()
        .awaitCommand(
            AwaitCommandRequest.newBuilder()
                .setTenant(tenant)
                .setAgentId(id)
                .setCommandId(command)
                .setPatience(Duration.newBuilder().setSeconds(seconds))
                .build());
  }

  AwaitCommandResponse standing(String id, String command) {
    return Futures.getUnchecked(awaiting("acme", id, command, 0));
  }

  static ForkAgentRequest.Builder forkOf(String id) {
    return ForkAgentRequest.newBuilder()
        .setTenant("acme")
        .setAgentId(id)
        .setForkId(WireIds.text(new AgentId(UUID.randomUUID())))
        .setPrincipal("me")
        .setDisplayName("twin");
  }

  ForkAgentResponse fork(ForkAgentRequest.Builder request) {
    return router.agentCell().forkAgent(request.build());
  }
}
