package dev.weft.worker.domain.agent;

import java.time.Instant;

/**
 * A numbered event of a body.
 *
 * @param number from 1, without gaps
 */
public record SessionFrame(long number, Instant at, SessionEvent event) {

  private static final int OVERHEAD = 128;

  /** What keeping it costs, roughly. */
  public int weight() {
    return weight(event);
  }

  static int weight(SessionEvent event) {
    return event.bytes() + OVERHEAD;
  }
}
