package dev.weft.router.app;

import dev.weft.router.app.Agents.Named;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentState;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Home;
import dev.weft.router.domain.agent.HomeChoice;
import dev.weft.router.domain.task.TaskId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which gateway collects an agent's frames, under an epoch that grows with every change. */
public final class Homes {

  private final Agents agents;
  private final AgentWrites writes;
  private final GatewayBeats beats;

  public Homes(Agents agents, AgentWrites writes, GatewayBeats beats) {
    this.agents = agents;
    this.writes = writes;
    this.beats = beats;
  }

  /** Fails on a replica that does not hold the cell, so that the gateway beats at its holder. */
  public CompletionStage<Long> beat(String address) {
    return writes
        .epoch()
        .thenApply(
            epoch -> {
              beats.heard(address);
              return epoch;
            });
  }

  /** The agent with its home; another one is chosen, durably, if the present one is silent. */
  public CompletionStage<Agent> locate(Named named) {
    return agents
        .agent(named)
        .thenCompose(
            agent -> {
              AgentLife.alive(agent);
              return keeps(agent.home()) ? CompletableFuture.completedStage(agent) : move(named);
            });
  }

  /**
   * As {@link #locate}, asked by the body that is this task; empty if the agent has another, or is
   * over.
   */
  public CompletionStage<Optional<Agent>> locate(Named named, TaskId body) {
    return agents
        .agent(named)
        .thenCompose(
            agent ->
                isOf(agent, body)
                    ? locate(named)
                        .thenApply(found -> Optional.of(found).filter(it -> isOf(it, body)))
                    : CompletableFuture.completedStage(Optional.empty()));
  }

  private CompletionStage<Agent> move(Named named) {
    return writes
        .read(AgentBook::homes)
        .thenCompose(
            counts -> {
              String gateway =
                  HomeChoice.of(beats.beating(), counts)
                      .orElseThrow(
                          () ->
                              AgentRefusal.of(
                                  AgentRefusal.Reason.NO_GATEWAY, "gateways that beat: none"));
              return agents.change(
                  named,
                  (stored, _) -> {
                    AgentLife.alive(stored);
                    return keeps(stored.home()) ? stored : stored.movedTo(gateway);
                  });
            });
  }

  private boolean keeps(Home home) {
    return !home.isNone() && beats.keeps(home.address());
  }

  private static boolean isOf(Agent agent, TaskId task) {
    return agent.state() instanceof AgentState.Embodied
        && agent.body().map(Body::task).filter(task::equals).isPresent();
  }
}
