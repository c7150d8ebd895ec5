package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Waits at the placer until a command of an agent is over. */
final class CommandEnds {

  /** Less than one try of a call may take. */
  private static final Duration AT_ONCE = Duration.newBuilder().setSeconds(3).build();

  private final AgentForwarder agents;
  private final Ticker ticker;

  CommandEnds(AgentForwarder agents, Ticker ticker) {
    this.agents = agents;
    this.ticker = ticker;
  }

  /** How it stands now; the state is UNSPECIFIED if there is no such command. */
  CompletionStage<AwaitCommandResponse> now(Call call, String agentId, String commandId) {
    return agents.ask(call, stub -> stub.awaitCommand(request(call, agentId, commandId).build()));
  }

  /**
   * How it stands when it is over, or when the time is.
   *
   * @param until by the ticker
   */
  CompletionStage<AwaitCommandResponse> end(
      Call call, String agentId, String commandId, long until) {
    AwaitCommandRequest request = request(call, agentId, commandId).setPatience(AT_ONCE).build();
    return agents
        .ask(call, stub -> stub.awaitCommand(request))
        .thenCompose(
            found ->
                isOpen(found) && until - ticker.nanos() > 0
                    ? end(call, agentId, commandId, until)
                    : CompletableFuture.completedStage(found));
  }

  /** Why a command that is over has not come to what was asked for. */
  static RuntimeException failure(AwaitCommandResponse command) {
    return command.hasProblem()
        ? Problems.toException(command.getProblem())
        : new MeshException(
            GatewayReason.BODY_LOST, "body: went away (expected: until it has answered)");
  }

  static boolean isOpen(AwaitCommandResponse command) {
    return command.getState() == CommandState.COMMAND_STATE_QUEUED
        || command.getState() == CommandState.COMMAND_STATE_GIVEN;
  }

  private static AwaitCommandRequest.Builder request(Call call, String agentId, String commandId) {
    return AwaitCommandRequest.newBuilder()
        .setTenant(call.tenant())
        .setAgentId(agentId)
        .setCommandId(commandId);
  }
}
