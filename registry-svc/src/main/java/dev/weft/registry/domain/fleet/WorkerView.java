package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.profile.WorkerProfile;
import dev.weft.registry.domain.report.LifetimeStatistics;
import dev.weft.registry.domain.report.WorkerLoad;
import dev.weft.registry.domain.state.WorkerState;
import java.time.Duration;
import java.time.Instant;

/** A worker as the mesh sees it under one revision. */
public record WorkerView(
    WorkerId id,
    WorkerProfile profile,
    WorkerState state,
    Live live,
    Instant registered,
    long revision) {

  /**
   * What the heartbeat brings.
   *
   * @param latency measured, or the configured value until then
   */
  public record Live(
      WorkerLoad load, LifetimeStatistics statistics, Duration latency, Instant lastSeen) {}

  public String name() {
    return profile.name();
  }
}
