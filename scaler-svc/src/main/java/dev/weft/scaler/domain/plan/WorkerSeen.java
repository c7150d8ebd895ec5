package dev.weft.scaler.domain.plan;

import java.time.Duration;

/**
 * A worker as the registry shows it.
 *
 * @param standingFor how long it has stood so
 * @param running how many tasks it runs
 */
public record WorkerSeen(String id, Standing standing, Duration standingFor, int running) {

  /** What the registry thinks of it. */
  public enum Standing {
    READY,
    UNHEALTHY,
    DRAINING,
    DRAINED,
    OFFLINE
  }

  boolean ready() {
    return standing == Standing.READY;
  }

  boolean drains() {
    return standing == Standing.DRAINING || standing == Standing.DRAINED;
  }

  boolean absentFor(Duration limit) {
    return standing == Standing.OFFLINE && standingFor.compareTo(limit) >= 0;
  }
}
