package dev.weft.router.domain.agent;

import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Alive;
import dev.weft.router.domain.task.Document;

/** What must be so before something is done for an agent. Pure. */
public final class AgentGuards {

  /** Commands of an agent that have not ended: those that wait, and those that its body has. */
  public static final int MOST_OPEN = 100;

  private AgentGuards() {}

  /**
   * That a new agent has the id or the request id of one that is known means that it is that one.
   *
   * @return the known one
   * @throws AgentRefusal AGENT_NOT_FOUND when the id is another tenant's, REQUEST_ID_REUSED when
   *     the spec is another
   */
  public static Agent sameAgent(Agent known, Agent fresh) {
    if (!known.tenant().equals(fresh.tenant())) {
      throw AgentRefusal.notFound(fresh.id());
    }
    if (!known.id().equals(fresh.id()) && !known.origin().sameWish(fresh.origin())) {
      throw AgentRefusal.of(
              Reason.REQUEST_ID_REUSED,
              "request_id: %s (expected: one that was not used for another agent)"
                  .formatted(fresh.origin().requestId()))
          .with("request_id", fresh.origin().requestId());
    }
    return known;
  }

  /**
   * One more may live.
   *
   * @throws AgentRefusal AGENT_QUOTA
   */
  public static void requireRoomForAgent(int living, int most) {
    if (living >= most) {
      throw AgentRefusal.of(
              Reason.AGENT_QUOTA, "living agents: %d (expected: < %d)".formatted(living, most))
          .with("limit", most);
    }
  }

  /**
   * That a command has the id of one that is known means that it is that one.
   *
   * @param known the words of that one
   * @throws AgentRefusal COMMAND_ID_REUSED when its words are others
   */
  public static void requireSameCommand(Document known, Command command) {
    if (!known.equals(command.words())) {
      throw AgentRefusal.of(
              Reason.COMMAND_ID_REUSED,
              "command_id: %s (expected: one that was not used for another command)"
                  .formatted(command.id()))
          .with("command_id", command.id());
    }
  }

  /**
   * One more command may be open.
   *
   * @throws AgentRefusal COMMANDS_FULL
   */
  public static void requireRoomForCommand(int open) {
    if (open >= MOST_OPEN) {
      throw AgentRefusal.of(
              Reason.COMMANDS_FULL, "open commands: %d (expected: < %d)".formatted(open, MOST_OPEN))
          .with("limit", MOST_OPEN);
    }
  }

  /**
   * @throws AgentRefusal STALE_BODY when another one is the agent's, or none
   */
  public static void requireBody(Agent agent, int body) {
    if (body < 1 || agent.livingBody() != body) {
      throw AgentRefusal.of(
              Reason.STALE_BODY,
              "body: %d (expected: %d, which is the agent's)".formatted(body, agent.livingBody()))
          .with("body", agent.livingBody());
    }
  }

  /**
   * @throws AgentRefusal STALE_HOME when another one is the agent's
   */
  public static void requireHome(Agent agent, long epoch) {
    if (agent.home().epoch() != epoch) {
      throw AgentRefusal.of(
              Reason.STALE_HOME,
              "home_epoch: %d (expected: %d)".formatted(epoch, agent.home().epoch()))
          .with("epoch", agent.home().epoch());
    }
  }

  /**
   * @throws AgentRefusal AGENT_OVER
   */
  public static Alive alive(Agent agent) {
    if (agent.state() instanceof Alive alive) {
      return alive;
    }
    throw AgentRefusal.of(
        Reason.AGENT_OVER,
        "state: %s (expected: an agent that is not over)".formatted(agent.state().phase()));
  }
}
