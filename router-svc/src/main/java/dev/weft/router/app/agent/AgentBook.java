package dev.weft.router.app.agent;

import dev.weft.router.app.JournalException;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stored agents and their commands. Every method blocks and throws {@link
 * JournalException.Unavailable} without a connection, or when it broke in between; every one that
 * names an epoch throws {@link JournalException.EpochLost} when another replica holds the cell.
 */
public interface AgentBook {

  /** A change of one agent, which nobody else changes meanwhile. Gives the same one to keep it. */
  @FunctionalInterface
  interface Change {
    Agent apply(Agent stored, Instant now);
  }

  /**
   * @param existing it was known by its id or by its request id
   */
  record Opened(Agent agent, boolean existing) {}

  /**
   * @param existing the id was known
   */
  record Accepted(Agent agent, CommandStatus status, boolean existing) {}

  /**
   * @param problem why it did not run to its end
   * @param outcome of an errand; empty of everything else
   */
  record CommandEnd(
      String command, int body, int exitCode, Optional<Problem> problem, Document outcome) {}

  /**
   * @param commands all that the body has and that have not ended, in their order
   */
  record Taken(Agent agent, List<Command> commands) {}

  /**
   * A page of a tenant's, newest first.
   *
   * @param phases empty means all
   * @param before only ids below; empty starts at the newest
   */
  record Page(String tenant, Set<Phase> phases, Optional<AgentId> before, int size) {}

  /**
   * Stores a new one.
   *
   * @param mostLiving that its tenant may have
   * @throws AgentRefusal AGENT_QUOTA, REQUEST_ID_REUSED; AGENT_NOT_FOUND if the id is another
   *     tenant's
   */
  Opened open(long epoch, Agent fresh, int mostLiving);

  Optional<Agent> agent(AgentId id);

  List<Agent> page(Page page);

  /** Those with a body to look after, by id, above the one that is named. */
  List<Agent> embodied(Optional<AgentId> after, int most);

  /** How many living agents have their home where. */
  Map<String, Integer> homes();

  /** How many agents there are in each phase that is not over. */
  Map<Phase, Integer> living();

  /**
   * Changes one. Commands of a body that it no longer has are INTERRUPTED with it, and all that
   * have not ended when it is over.
   *
   * @return as it is then; empty when there is none
   */
  Optional<Agent> change(long epoch, AgentId id, Change change);

  /**
   * Changes one whose body has ended by itself, as {@link #change}; but of what that body was given
   * and has not ended, only what it began is INTERRUPTED, and the rest waits for the next body. The
   * change sees that already.
   *
   * @param begun ids of the commands that it began
   * @return as it is then; empty when there is none
   */
  Optional<Agent> finish(long epoch, AgentId id, int body, Set<String> begun, Change change);

  /**
   * Stores a command and changes its agent with it.
   *
   * @param body to which it is given if it is the agent's; 0: it waits
   * @return empty when there is no such agent
   * @throws AgentRefusal COMMAND_ID_REUSED, COMMANDS_FULL, and whatever the change throws, which is
   *     not asked for a command that is known
   */
  Optional<Accepted> accept(long epoch, AgentId id, Command command, int body, Change change);

  /**
   * Gives a body what waits for one, and again what it has.
   *
   * @param check throws if the agent's body or home is another
   */
  Optional<Taken> take(long epoch, AgentId id, int body, Change check);

  /** What a body has and that has not ended, in its order. */
  List<Command> given(AgentId id, int body);

  /** Ids of the commands that were INTERRUPTED when that body went away, as they were accepted. */
  List<String> interrupted(AgentId id, int body);

  /** How a command stands; empty when there is none. */
  Optional<CommandResult> result(AgentId id, String command);

  /** Notes how a command of a body ended; the first end counts. */
  void settle(long epoch, AgentId id, CommandEnd end);
}
