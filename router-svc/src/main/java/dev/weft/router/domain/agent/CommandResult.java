package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import java.util.Optional;

/**
 * How a command stands, and what came of it.
 *
 * @param problem why it did not run to its end
 * @param outcome of an errand, opaque to the core; empty of everything else
 */
public record CommandResult(CommandStatus status, Optional<Problem> problem, Document outcome) {

  /** Whether nothing of it changes any more. */
  public boolean over() {
    return status.state() == Command.State.ENDED || status.state() == Command.State.INTERRUPTED;
  }
}
