package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.Failure;
import java.util.List;
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

  /** What the agent remembers, as far as it was asked for. */
  record Remembered(List<Memory> entries) implements CommandOutcome {

    public Remembered {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A key and its value.
   *
   * @param value empty in a list
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record Memory(String key, byte[] value, long size) {}

  /** What files are as an artifact. */
  enum Kind {
    FILE,
    EXECUTABLE,
    TREE
  }
}
