package dev.weft.router.app.agent;

import dev.weft.router.app.Followers;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;

/** Everybody who follows an agent: a step is the agent after it, its place the revision. */
public final class AgentFollowers extends Followers<AgentId, Agent, Long> {

  /** Tells a stored change. */
  public void changed(Agent agent) {
    tell(agent.tenant(), agent.id(), agent);
  }

  @Override
  protected Long place(Agent agent) {
    return agent.stamps().revision();
  }

  @Override
  protected boolean last(Agent agent) {
    return agent.over();
  }
}
