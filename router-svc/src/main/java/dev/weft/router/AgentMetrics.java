package dev.weft.router;

import dev.weft.router.app.agent.AgentKeeper;
import dev.weft.router.app.agent.AgentWatch;
import dev.weft.router.domain.agent.AgentState.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What the placer shows of agents. */
final class AgentMetrics implements AgentKeeper.LifeCounts {

  private final MeterRegistry meters;
  private final Counter bodies;
  private final Counter lost;

  AgentMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.bodies =
        Counter.builder("weft.agent.bodies")
            .description("Agents' bodies that were asked for")
            .register(meters);
    this.lost =
        Counter.builder("weft.agent.bodies.lost")
            .description("Agents' bodies that failed or whose worker was lost")
            .register(meters);
  }

  /** Begins to show how many there are, as zeros while the cell is not held here. */
  void watch(AgentWatch watch) {
    for (Phase phase : Phase.values()) {
      if (!phase.over()) {
        Gauge.builder("weft.agents", watch, now -> now.living(phase))
            .description("Agents that are not over")
            .tag("state", phase.name().toLowerCase(Locale.ROOT))
            .register(meters);
      }
    }
  }

  @Override
  public void submitted() {
    bodies.increment();
  }

  @Override
  public void broken() {
    lost.increment();
  }
}
