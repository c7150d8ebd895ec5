package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import java.util.Optional;

/** Something that happened in a body. */
public sealed interface SessionEvent {

  /** The most bytes of output in one event. */
  int MOST_BYTES = 32 * 1024;

  /** Bytes that it carries, roughly. */
  default int bytes() {
    return 0;
  }

  /** Whether it is output, of which there can be any amount. */
  default boolean output() {
    return false;
  }

  /** What the terminal showed. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record TerminalOutput(byte[] content) implements SessionEvent {
    @Override
    public int bytes() {
      return content.length;
    }

    @Override
    public boolean output() {
      return true;
    }
  }

  /** The terminal's program is over; the next input starts another. */
  record TerminalEnded(int exitCode) implements SessionEvent {}

  /** A command runs. */
  record CommandStarted(String commandId) implements SessionEvent {}

  /** What a command wrote. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record CommandOutput(String commandId, boolean stderr, byte[] content) implements SessionEvent {
    @Override
    public int bytes() {
      return content.length;
    }

    @Override
    public boolean output() {
      return true;
    }
  }

  /**
   * Nothing of a command is left.
   *
   * @param exitCode the command's own, or 128 and the signal that ended it
   * @param failure set if it could not run, or if somebody or a limit ended it
   * @param outcome of an errand that went well
   */
  record CommandEnded(
      String commandId, int exitCode, Optional<Failure> failure, Optional<CommandOutcome> outcome)
      implements SessionEvent {

    public CommandEnded(String commandId, int exitCode, Optional<Failure> failure) {
      this(commandId, exitCode, failure, Optional.empty());
    }
  }

  /** The workspace is stored. */
  record Saved(SavedWorkspace workspace) implements SessionEvent {}

  /** Something that people should know. */
  record Notice(Failure failure) implements SessionEvent {}
}
