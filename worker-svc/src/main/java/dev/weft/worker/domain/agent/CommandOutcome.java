package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import java.util.Optional;

/** What came of an errand. */
public sealed interface CommandOutcome {

  /** The workspace is stored. */
  record Stored(SavedWorkspace workspace) implements CommandOutcome {}

  /** Files were put into the workspace. */
  record Placed(int files, long bytes) implements CommandOutcome {}

  /**
   * Files of the workspace are an artifact now.
   *
   * @param name its last name; empty of the workspace itself
   * @param incomplete what could not be taken
   */
  record Fetched(
      String artifact, Kind kind, String name, Placed amount, Optional<Failure> incomplete)
      implements CommandOutcome {}

  /** What files are as an artifact. */
  enum Kind {
    FILE,
    EXECUTABLE,
    TREE
  }
}
