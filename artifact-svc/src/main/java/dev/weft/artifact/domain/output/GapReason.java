package dev.weft.artifact.domain.output;

/** Why numbers are not there; the names are on the wire. */
public enum GapReason {
  /** The writer died, or had to forget them, before they were sealed. */
  LOG_GAP,
  /** The reader fell behind the live ring, and storage does not have them either. */
  SLOW_READER
}
