package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.AgentRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;

/** What is asked of an agent wherever one is named. */
public final class AgentChecks {

  static final String PREFIX = "agt";

  private AgentChecks() {}

  /**
   * Passes a well-formed id.
   *
   * @throws InvalidRequest if it is none
   */
  public static String checkedId(String text) {
    try {
      PrefixedId.parse(PREFIX, text);
      return text;
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("agent_id", text, "agt_ and 26 characters");
    }
  }

  /**
   * Passes an agent that lives or sleeps.
   *
   * @throws MeshException AGENT_OVER
   */
  public static Agent requireGoingOn(Agent agent) {
    if (isOver(agent)) {
      throw new MeshException(
              GatewayReason.AGENT_OVER,
              "agent: " + agent.getAgentId() + ", over (expected: one that goes on)")
          .with("agentId", agent.getAgentId())
          .with("state", agent.getState().name());
    }
    return agent;
  }

  /** After so long without activity it goes to sleep. */
  public static Duration idleTimeout(Agent agent) {
    return agent.getSpec().hasIdleTimeout()
        ? agent.getSpec().getIdleTimeout()
        : Durations.fromSeconds(AgentRules.USUAL_IDLE.toSeconds());
  }

  /** Whether it will never have a body again. */
  public static boolean isOver(Agent agent) {
    return agent.getState() == AgentState.AGENT_STATE_TERMINATED
        || agent.getState() == AgentState.AGENT_STATE_FAILED;
  }
}
