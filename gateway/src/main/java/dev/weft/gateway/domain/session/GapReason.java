package dev.weft.gateway.domain.session;

/** Why frames are told as missing. */
public enum GapReason {
  /** They had left the ring before the reader came. */
  EVICTED,
  /** They left it while the reader was here and read too slowly. */
  SLOW_READER,
  /** They were lost with an earlier home, or with the body that had not handed them over. */
  HOME_LOST
}
