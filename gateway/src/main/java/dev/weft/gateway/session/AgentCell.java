package dev.weft.gateway.session;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.Upstream;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc.AgentCellServiceFutureStub;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.BeatGatewayRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentRequest;
import dev.weft.proto.internal.agent.v1.FetchInterruptedRequest;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.agent.v1.LocateHomeRequest;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.internal.agent.v1.TakeCommandsRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What homes and sessions ask of the placer. Every call is idempotent, follows the holder and is
 * repeated for 4 s; its failure is one that clients may see.
 */
public final class AgentCell {

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration BEAT_PATIENCE = Duration.ofMillis(900);

  private final Holder cell;

  public AgentCell(Holder cell) {
    this.cell = cell;
  }

  /** Whether asking again may help. */
  static boolean isAway(Throwable failure) {
    return Upstream.isAway(StatusMapper.fromStatus(failure));
  }

  CompletionStage<Agent> fetch(String tenant, String agentId) {
    FetchAgentRequest request =
        FetchAgentRequest.newBuilder().setTenant(tenant).setAgentId(agentId).build();
    return ask(stub -> stub.fetchAgent(request), PATIENCE).thenApply(answer -> answer.getAgent());
  }

  /** Where the agent's home is, which is chosen if there is none. */
  CompletionStage<Home> locate(String tenant, String agentId) {
    LocateHomeRequest request =
        LocateHomeRequest.newBuilder().setTenant(tenant).setAgentId(agentId).build();
    return ask(stub -> stub.locateHome(request), PATIENCE).thenApply(answer -> answer.getHome());
  }

  /** Says that the gateway with this mesh address lives, and which of its agents are idle. */
  CompletionStage<Void> beat(String address, List<IdleAgent> idle) {
    BeatGatewayRequest request =
        BeatGatewayRequest.newBuilder().setAddress(address).addAllIdle(idle).build();
    return ask(stub -> stub.beatGateway(request), BEAT_PATIENCE).thenAccept(_ -> {});
  }

  CompletionStage<Void> wake(HomeTerm term, String principal) {
    SteerAgentRequest request =
        SteerAgentRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setWish(AgentWish.AGENT_WISH_WAKE)
            .setPrincipal(principal)
            .setReason("session")
            .build();
    return ask(stub -> stub.steerAgent(request), PATIENCE).thenAccept(_ -> {});
  }

  /**
   * Stores a command.
   *
   * @param body that it can be given to at once; 0 is none
   */
  CompletionStage<AcceptCommandResponse> accept(
      HomeTerm term, AgentCommand command, String principal, int body) {
    AcceptCommandRequest request =
        AcceptCommandRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setCommand(command)
            .setPrincipal(principal)
            .setBody(body)
            .build();
    return ask(stub -> stub.acceptCommand(request), PATIENCE);
  }

  CompletionStage<List<AgentCommand>> take(HomeTerm term, int body) {
    TakeCommandsRequest request =
        TakeCommandsRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setBody(body)
            .setHomeEpoch(term.epoch())
            .build();
    return ask(stub -> stub.takeCommands(request), PATIENCE)
        .thenApply(answer -> answer.getCommandsList());
  }

  /** Ids of the commands that went away with a body, in their order. */
  CompletionStage<List<String>> interrupted(HomeTerm term, int body) {
    FetchInterruptedRequest request =
        FetchInterruptedRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setBody(body)
            .build();
    return ask(stub -> stub.fetchInterrupted(request), PATIENCE)
        .thenApply(answer -> answer.getCommandIdsList());
  }

  CompletionStage<Void> settle(SettleCommandRequest request) {
    return ask(stub -> stub.settleCommand(request), PATIENCE).thenAccept(_ -> {});
  }

  CompletionStage<Void> record(RecordSnapshotRequest request) {
    return ask(stub -> stub.recordSnapshot(request), PATIENCE).thenAccept(_ -> {});
  }

  private <T> CompletionStage<T> ask(
      Function<AgentCellServiceFutureStub, ListenableFuture<T>> question, Duration patience) {
    return Upstream.visible(
        cell.call(channel -> question.apply(AgentCellServiceGrpc.newFutureStub(channel)), patience),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
