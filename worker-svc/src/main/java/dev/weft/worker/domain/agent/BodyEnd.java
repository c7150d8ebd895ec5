package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import java.util.Optional;

/**
 * How a body ended by itself.
 *
 * @param workspace empty if it could not be stored: the last one that was stands
 * @param incomplete what could not be kept
 */
public record BodyEnd(
    Cause cause, Optional<SavedWorkspace> workspace, Optional<Failure> incomplete) {

  /** Why. */
  public enum Cause {
    IDLE,
    HIBERNATED,
    DRAINED
  }
}
