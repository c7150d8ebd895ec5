package dev.weft.scaler;

import dev.weft.scaler.app.DemandBoard;
import dev.weft.scaler.app.PoolKeeper;
import dev.weft.scaler.app.PoolView;
import dev.weft.scaler.app.ScalingAction;
import dev.weft.scaler.domain.demand.Demand.OfShape;
import dev.weft.scaler.domain.pool.InstanceState;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.lease.CellHolding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the scaler shows of itself. Labels are bounded: at most {@link #MOST_POOLS} pools, five
 * states, seven classes.
 */
final class ScalerMetrics implements PoolKeeper.Listener {

  private static final int MOST_POOLS = 50;
  private static final List<String> STATES =
      List.of("starting", "running", "set_aside", "draining", "stopping");
  private static final double NANOS = 1e9;

  private final MultiGauge desired;
  private final MultiGauge workers;
  private final MultiGauge queued;
  private final MultiGauge running;
  private final MultiGauge oldest;
  private final Counter starts;
  private final Counter ends;
  private final Counter failures;

  ScalerMetrics(MeterRegistry meters, CellHolding holding) {
    desired = gauge(meters, "weft.scaler.pool.desired", "how many workers a pool should have");
    workers = gauge(meters, "weft.scaler.pool.workers", "workers of a pool by state");
    queued = gauge(meters, "weft.scaler.demand.queued", "tasks that wait, by class");
    running = gauge(meters, "weft.scaler.demand.running", "tasks that run, by class");
    oldest =
        gauge(
            meters,
            "weft.scaler.demand.oldest.seconds",
            "how long the oldest has waited, by class");
    starts = action(meters, ScalingAction.START);
    ends = action(meters, ScalingAction.END);
    failures = Counter.builder("weft.scaler.store.failures").register(meters);
    Gauge.builder("weft.scaler.active", holding, it -> it.mine() ? 1 : 0).register(meters);
    Gauge.builder("weft.scaler.epoch", holding, it -> it.epoch().orElse(0)).register(meters);
  }

  private static MultiGauge gauge(MeterRegistry meters, String name, String description) {
    return MultiGauge.builder(name).description(description).register(meters);
  }

  private static Counter action(MeterRegistry meters, String kind) {
    return Counter.builder("weft.scaler.actions").tag("kind", kind).register(meters);
  }

  /** Brings the gauges up to date; to be called every few seconds. */
  void refresh(List<PoolView> pools, DemandBoard demand) {
    List<Row<?>> sizes = new ArrayList<>();
    List<Row<?>> counts = new ArrayList<>();
    pools.stream()
        .limit(MOST_POOLS)
        .forEach(
            pool -> {
              Tags name = Tags.of("pool", pool.spec().name().text());
              sizes.add(Row.of(name, pool.spec().size().desired()));
              byState(pool).forEach((state, n) -> counts.add(Row.of(name.and("state", state), n)));
            });
    desired.register(sizes, true);
    workers.register(counts, true);
    List<Row<?>> waits = new ArrayList<>();
    List<Row<?>> runs = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    for (OfShape sum : demand.newest().byClass().values()) {
      Tags tags = Tags.of("class", sum.priorityClass());
      waits.add(Row.of(tags, sum.queued()));
      runs.add(Row.of(tags, sum.running()));
      ages.add(Row.of(tags, sum.oldest().toNanos() / NANOS));
    }
    queued.register(waits, true);
    running.register(runs, true);
    oldest.register(ages, true);
  }

  private static Map<String, Integer> byState(PoolView pool) {
    Map<String, Integer> counts = new TreeMap<>();
    STATES.forEach(state -> counts.put(state, 0));
    pool.instances()
        .forEach(one -> counts.computeIfPresent(word(one.state()), (state, n) -> n + 1));
    return counts;
  }

  private static String word(InstanceState state) {
    return switch (state) {
      case Starting _ -> "starting";
      case Running _ -> "running";
      case SetAside _ -> "set_aside";
      case Draining _ -> "draining";
      case Stopping _ -> "stopping";
      case Ended _ -> "ended";
    };
  }

  @Override
  public void acted(ScalingAction action) {
    (action.kind().equals(ScalingAction.START) ? starts : ends).increment();
  }

  @Override
  public void storeFailed() {
    failures.increment();
  }
}
