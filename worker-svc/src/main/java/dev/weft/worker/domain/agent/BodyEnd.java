package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import java.util.List;
import java.util.Optional;

/**
 * How a body ended by itself.
 *
 * @param workspace empty if it could not be stored: the last one that was stands
 * @param incomplete what could not be kept
 * @param begun ids of the commands that it began; any other that it was given never ran
 */
public record BodyEnd(
    Cause cause,
    Optional<SavedWorkspace> workspace,
    Optional<Failure> incomplete,
    List<String> begun) {

  public BodyEnd {
    begun = List.copyOf(begun);
  }

  /** Why. */
  public enum Cause {
    IDLE,
    HIBERNATED,
    DRAINED
  }
}
