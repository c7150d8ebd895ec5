package dev.weft.artifact.domain.output;

import java.util.List;

/** What a live log has for a reader at a place. */
public sealed interface Reading {

  /** Here it is. */
  record Entries(List<Entry> entries) implements Reading {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /** The reader fell behind the ring: storage has it, up to this number. */
  record Behind(long sealed) implements Reading {}

  /** Nothing new. */
  record CaughtUp() implements Reading {}

  /** All was read, and no more will come. */
  record AtEnd(LogEnd end) implements Reading {}

  /** Another replica owns the log now. */
  record Moved() implements Reading {}
}
