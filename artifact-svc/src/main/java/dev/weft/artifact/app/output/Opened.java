package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogEnd;

/** The answer to a writer. */
public sealed interface Opened {

  /**
   * Send on.
   *
   * @param next what lies before it is durable, or lost
   */
  record Ready(LogKeeper keeper, long epoch, long next) implements Opened {}

  /** The log was closed before: nothing more is taken. */
  record Over(long epoch, LogEnd end) implements Opened {}
}
