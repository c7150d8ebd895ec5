package dev.weft.worker.domain.agent;

import java.util.List;
import java.util.Optional;

/**
 * What a home wants of a body.
 *
 * @param terminalInput keystrokes; empty for none
 * @param hibernate the workspace is to be saved and the body to end
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
public record HomeOrders(
    List<AgentCommand> commands,
    List<Signalling> signals,
    byte[] terminalInput,
    Optional<TerminalSize> size,
    boolean hibernate) {

  public HomeOrders {
    commands = List.copyOf(commands);
    signals = List.copyOf(signals);
  }

  /** A signal to a command. */
  public record Signalling(String commandId, AgentSignal signal) {}
}
