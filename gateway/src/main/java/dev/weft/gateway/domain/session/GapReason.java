package dev.weft.gateway.domain.session;

/** Why frames are told as missing. */
public enum GapReason {
  /** They were kept, and are not any more: the agent's log takes so many bytes only. */
  EVICTED,
  /** They were lost with the home and the body that had not sealed them. */
  HOME_LOST,
  /** None are missing: the reader named a place that this session has not come to. */
  CURSOR_UNKNOWN
}
