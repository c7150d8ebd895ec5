package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.health.HealthGrade;
import dev.weft.registry.domain.health.HealthReport;
import dev.weft.registry.domain.state.WorkerState.Offline;
import java.time.Duration;

/**
 * How a worker is right now, not as watchers were last shown it.
 *
 * @param report without layers while the worker is offline, which is all that there is to say
 * @param age how old what it rests on is
 */
public record WorkerHealth(WorkerView view, HealthReport report, Duration age) {

  public HealthGrade grade() {
    return view.state() instanceof Offline ? HealthGrade.OUT : report.grade();
  }

  public String reason() {
    return view.state() instanceof Offline ? view.state().reason() : report.reason();
  }
}
