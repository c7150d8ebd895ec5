package dev.weft.artifact.domain.output;

/** What stands at one place of a log, or at a run of places. */
public sealed interface Entry permits Chunk, Gap {

  /** What an entry costs in memory beside its bytes. */
  int OVERHEAD = 128;

  long first();

  long last();

  /** Bytes of output. */
  int bytes();

  /** What it takes in memory. */
  default int cost() {
    return bytes() + OVERHEAD;
  }
}
