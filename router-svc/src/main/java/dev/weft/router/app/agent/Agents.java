package dev.weft.router.app.agent;

import dev.weft.router.app.agent.AgentBook.Accepted;
import dev.weft.router.app.agent.AgentBook.Opened;
import dev.weft.router.app.agent.AgentBook.Taken;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentGuards;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What is asked for agents. Each change is durable when its stage ends well. Stages fail with
 * {@link AgentRefusal}, and as {@link StoredAgents} says.
 */
public final class Agents {

  private static final int CANCELLED = 1;

  /** An agent as a tenant names it; nobody else's is found. */
  public record Named(String tenant, AgentId id) {

    /**
     * @throws AgentRefusal AGENT_NOT_FOUND when there is none, or it is another tenant's
     */
    Agent own(Optional<Agent> found) {
      return found
          .filter(one -> one.tenant().equals(tenant))
          .orElseThrow(() -> AgentRefusal.notFound(id));
    }
  }

  private final StoredAgents stored;
  private final int mostLiving;

  /**
   * @param mostLiving agents that a tenant may have
   */
  public Agents(StoredAgents stored, int mostLiving) {
    this.stored = stored;
    this.mostLiving = mostLiving;
  }

  public CompletionStage<Opened> open(AgentId id, Agent.Origin origin) {
    return open(Agent.spawned(id, origin, stored.freshTask(), Instant.EPOCH));
  }

  /**
   * Makes one like another.
   *
   * @param taken the other's workspace; empty: as it has stored it last
   * @param origin of the new one, by the other
   */
  public CompletionStage<Opened> fork(
      Named source, AgentId id, Optional<Snapshot> taken, Function<Agent, Agent.Origin> origin) {
    return agent(source)
        .thenCompose(
            found -> {
              AgentGuards.alive(found);
              Optional<Snapshot> workspace = taken.or(() -> found.past().snapshot());
              return open(
                  Agent.forked(
                      id, origin.apply(found), workspace, stored.freshTask(), Instant.EPOCH));
            });
  }

  private CompletionStage<Opened> open(Agent fresh) {
    return stored
        .of(fresh.tenant())
        .write(
            (book, epoch) -> book.open(epoch, fresh, mostLiving),
            opened -> Optional.of(opened.agent()));
  }

  public CompletionStage<Agent> agent(Named agent) {
    return stored.of(agent.tenant).read(book -> book.agent(agent.id)).thenApply(agent::own);
  }

  public CompletionStage<List<Agent>> page(AgentBook.Page page) {
    return stored.of(page.tenant()).read(book -> book.page(page));
  }

  public CompletionStage<Agent> hibernate(Named agent) {
    return change(agent, AgentLife::hibernate);
  }

  public CompletionStage<Agent> wake(Named agent) {
    return change(agent, AgentLife::wake);
  }

  public CompletionStage<Agent> terminate(Named agent, String principal, String reason) {
    Problem why =
        new Problem(
            CANCELLED,
            "AGENT_TERMINATED",
            reason.isEmpty() ? "terminated" : reason,
            Map.of("principal", principal));
    return change(agent, (found, moment) -> AgentLife.terminate(found, why, moment));
  }

  public CompletionStage<Accepted> accept(Named agent, Command command, int body) {
    AgentBook.Change change = stored.change(own(agent, AgentLife::commanded));
    return stored
        .of(agent.tenant)
        .write(
            (book, epoch) -> book.accept(epoch, agent.id, command, body, change),
            accepted -> accepted.map(Accepted::agent))
        .thenApply(accepted -> accepted.orElseThrow(() -> AgentRefusal.notFound(agent.id)));
  }

  /** Gives the body its commands, to be sent on by the home of that epoch. */
  public CompletionStage<Taken> take(Named agent, int body, long homeEpoch) {
    AgentBook.Change check =
        stored.change(
            own(
                agent,
                (found, _) -> {
                  AgentGuards.requireBody(found, body);
                  AgentGuards.requireHome(found, homeEpoch);
                  return found;
                }));
    return stored
        .of(agent.tenant)
        .write(
            (book, epoch) -> book.take(epoch, agent.id, body, check),
            taken -> taken.map(Taken::agent))
        .thenApply(taken -> taken.orElseThrow(() -> AgentRefusal.notFound(agent.id)));
  }

  /** As {@link AgentBook#interrupted}. */
  public CompletionStage<List<String>> interrupted(Named agent, int body) {
    return agent(agent)
        .thenCompose(_ -> stored.of(agent.tenant).read(book -> book.interrupted(agent.id, body)));
  }

  public CompletionStage<Agent> stored(Named agent, Snapshot snapshot) {
    return change(agent, (found, moment) -> AgentLife.stored(found, snapshot, moment));
  }

  private CompletionStage<Agent> change(Named agent, StoredAgents.Decision decision) {
    return stored.of(agent.tenant).change(agent.id, own(agent, decision)).thenApply(agent::own);
  }

  private static StoredAgents.Decision own(Named agent, StoredAgents.Decision decision) {
    return (found, moment) -> {
      return decision.decide(agent.own(Optional.of(found)), moment);
    };
  }
}
