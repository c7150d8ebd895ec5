package dev.weft.scaler.domain.pool;

import java.time.Duration;
import java.time.Instant;

/**
 * How often a pool's workers died soon after their start.
 *
 * @param fastDeaths in a row
 * @param last when the last one was
 */
public record Restarts(int fastDeaths, Instant last) {

  public static final Restarts NONE = new Restarts(0, Instant.EPOCH);

  /** A worker that nobody ended has ended, or had to be given up. */
  public Restarts afterDeath(Duration lived, Instant now, RestartPause pause) {
    if (lived.compareTo(pause.fastDeath()) >= 0) {
      return this;
    }
    boolean forgotten = now.isAfter(last.plus(pause.forget()));
    return new Restarts(forgotten ? 1 : fastDeaths + 1, now);
  }

  /** The next worker is not started before. */
  public Instant mayStartFrom(RestartPause pause) {
    return last.plus(pause.after(fastDeaths));
  }
}
