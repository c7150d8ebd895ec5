package dev.weft.registry.domain.report;

import java.time.Duration;

/** What a worker has done over its whole life, over all its incarnations. */
public record LifetimeStatistics(long succeeded, long failed, Duration busy, long costMicros) {

  public static final LifetimeStatistics NONE = new LifetimeStatistics(0, 0, Duration.ZERO, 0);

  LifetimeStatistics plus(CompletedWork work) {
    return new LifetimeStatistics(
        succeeded + work.succeeded(),
        failed + work.failed(),
        busy.plus(work.busy()),
        costMicros + work.costMicros());
  }

  public long completed() {
    return succeeded + failed;
  }

  /** The part that succeeded; 1 before the first task, so that a new worker gets its chance. */
  public double successRate() {
    return completed() == 0 ? 1 : (double) succeeded / completed();
  }

  public Duration meanDuration() {
    return completed() == 0 ? Duration.ZERO : busy.dividedBy(completed());
  }

  public long meanCostMicros() {
    return completed() == 0 ? 0 : costMicros / completed();
  }
}
