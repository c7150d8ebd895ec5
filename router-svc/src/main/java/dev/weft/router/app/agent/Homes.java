package dev.weft.router.app.agent;

import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.app.agent.IdleAgents.Idle;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentGuards;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentState;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Home;
import dev.weft.router.domain.agent.HomeChoice;
import dev.weft.router.domain.task.TaskId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which gateway collects an agent's frames, under an epoch that grows with every change. Asked
 * ahead of what tenants ask for: without a home nothing of an agent goes on.
 */
public final class Homes {

  private final StoredAgents agents;
  private final GatewayBeats beats;
  private final IdleAgents idleAgents;

  public Homes(StoredAgents agents, GatewayBeats beats, IdleAgents idleAgents) {
    this.agents = agents;
    this.beats = beats;
    this.idleAgents = idleAgents;
  }

  /**
   * A gateway lives, and these of its agents are idle. Fails on a replica that does not hold the
   * cell, so that the gateway beats at its holder.
   */
  public CompletionStage<Long> beat(String address, Map<AgentId, Idle> idle) {
    return agents
        .epoch()
        .thenApply(
            epoch -> {
              beats.heard(address, epoch);
              idleAgents.heard(address, idle);
              return epoch;
            });
  }

  /** The agent with its home; another one is chosen, durably, if the present one is silent. */
  public CompletionStage<Agent> locate(Named named) {
    return agent(named).thenCompose(agent -> located(named, agent));
  }

  /**
   * As {@link #locate}, asked by the body that is this task; empty if the agent has another, or is
   * over.
   */
  public CompletionStage<Optional<Agent>> locate(Named named, TaskId body) {
    return agent(named)
        .thenCompose(
            agent ->
                isOf(agent, body)
                    ? located(named, agent)
                        .thenApply(found -> Optional.of(found).filter(it -> isOf(it, body)))
                    : CompletableFuture.completedStage(Optional.empty()));
  }

  private CompletionStage<Agent> agent(Named named) {
    return agents.read(book -> book.agent(named.id())).thenApply(named::own);
  }

  private CompletionStage<Agent> located(Named named, Agent agent) {
    AgentGuards.alive(agent);
    return agents
        .epoch()
        .thenCompose(
            epoch ->
                keeps(agent.home(), epoch)
                    ? CompletableFuture.completedStage(agent)
                    : move(named, epoch));
  }

  private CompletionStage<Agent> move(Named named, long epoch) {
    return agents
        .read(AgentBook::homes)
        .thenCompose(counts -> agents.change(named.id(), moved(gateway(counts, epoch), epoch)))
        .thenApply(named::own);
  }

  private String gateway(Map<String, Integer> counts, long epoch) {
    return HomeChoice.of(beats.beating(epoch), counts)
        .orElseThrow(
            () -> AgentRefusal.of(AgentRefusal.Reason.NO_GATEWAY, "gateways that beat: none"));
  }

  private StoredAgents.Decision moved(String gateway, long epoch) {
    return (stored, _) -> {
      AgentGuards.alive(stored);
      return keeps(stored.home(), epoch) ? stored : stored.movedTo(gateway);
    };
  }

  private boolean keeps(Home home, long epoch) {
    return !home.isNone() && beats.keeps(home.address(), epoch);
  }

  private static boolean isOf(Agent agent, TaskId task) {
    return agent.state() instanceof AgentState.Embodied
        && agent.body().map(Body::task).filter(task::equals).isPresent();
  }
}
