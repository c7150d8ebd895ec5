package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an agent's body is asked to do, as a command that is stored before anything is done. */
public final class Errands {

  /** Less than one try of a call may take. */
  private static final Duration AT_ONCE = Duration.newBuilder().setSeconds(3).build();

  private final AgentForwarder agents;
  private final Ticker ticker;

  public Errands(AgentForwarder agents, Ticker ticker) {
    this.agents = agents;
    this.ticker = ticker;
  }

  /** When a caller's patience ends, by the ticker. */
  long until(Call call) {
    return ticker.nanos() + call.patience().toNanos();
  }

  boolean isLate(long until) {
    return until - ticker.nanos() <= 0;
  }

  /**
   * Gives the body a command, unless it has it already; answers as {@link #end}.
   *
   * @param command with its id
   */
  CompletionStage<AwaitCommandResponse> carryOut(
      Call call, String agentId, AgentCommand.Builder command, long until) {
    AcceptCommandRequest request =
        AcceptCommandRequest.newBuilder()
            .setTenant(call.tenant())
            .setAgentId(agentId)
            .setPrincipal(call.caller().principal())
            .setCommand(command.setTraceparent(call.traceparent()))
            .build();
    return agents
        .ask(call, stub -> stub.acceptCommand(request))
        .thenCompose(_ -> end(call, agentId, command.getCommandId(), until));
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
                isOpen(found) && !isLate(until)
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
