package dev.weft.scaler.domain.pool;

import java.time.Duration;

/**
 * How a pool is kept.
 *
 * @param surge how many more than desired may be alive, while one is replaced
 */
public record PoolRules(
    int surge, Patience patience, Drainage drainage, RestartPause restartPause) {

  public PoolRules {
    if (surge < 0) {
      throw new IllegalArgumentException("surge: " + surge + " (expected: >= 0)");
    }
  }

  /**
   * How long the scaler looks on.
   *
   * @param start until a worker that was started must be ready
   * @param silence for which a running process may be unseen by the registry
   * @param setAside for which a worker says that it drains, unasked by the scaler, until another is
   *     started in its place
   * @param oldView for which the registry may still show the life before
   */
  public record Patience(Duration start, Duration silence, Duration setAside, Duration oldView) {}

  /**
   * How a worker is ended.
   *
   * @param grace for what runs, before the placer takes it away
   * @param slack after it, for the placer's answer
   * @param stop between SIGTERM and SIGKILL
   */
  public record Drainage(Duration grace, Duration slack, Duration stop) {}
}
