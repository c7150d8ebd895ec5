package dev.weft.router.domain.agent;

import dev.weft.router.domain.agent.Command.State;

/**
 * How a command stands.
 *
 * @param body that it was given to; 0 while it waits
 * @param exitCode of one that has ended
 */
public record CommandStatus(State state, int body, int exitCode) {

  /** Waits for a body. */
  public static final CommandStatus QUEUED = new CommandStatus(State.QUEUED, 0, 0);

  public static CommandStatus givenTo(int body) {
    return new CommandStatus(State.GIVEN, body, 0);
  }

  /** A new one: the body has it if that one is the agent's and takes commands, else it waits. */
  public static CommandStatus accepted(Agent agent, int body) {
    boolean given = body > 0 && body == agent.livingBody() && agent.givesCommands();
    return given ? givenTo(body) : QUEUED;
  }
}
