package dev.weft.registry;

import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.FleetWatchers;
import dev.weft.registry.app.WriteBehind;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.domain.state.WorkerState.Connected;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Draining;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import dev.weft.registry.grpc.HeartbeatGrpcService;
import dev.weft.registry.lease.CellHolding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the registry shows of itself. Labels are bounded: five states, and the names of at most
 * {@link #MOST_NAMED} connected workers; a worker that is gone takes its label with it.
 */
final class RegistryMetrics implements WriteBehind.Listener {

  private static final int MOST_NAMED = 200;
  private static final List<String> STATES =
      List.of("ready", "unhealthy", "draining", "drained", "offline");
  private static final double NANOS = 1e9;

  private final MultiGauge workers;
  private final MultiGauge latency;
  private final MultiGauge successRate;
  private final Timer writes;
  private final Counter saved;
  private final Counter failures;

  RegistryMetrics(MeterRegistry meters) {
    workers =
        MultiGauge.builder("weft.registry.workers")
            .description("workers by state, on the active registry")
            .register(meters);
    latency =
        MultiGauge.builder("weft.registry.worker.latency")
            .description("round trip of the heartbeat, smoothed")
            .baseUnit("seconds")
            .register(meters);
    successRate =
        MultiGauge.builder("weft.registry.worker.success.rate")
            .description("over the worker's life")
            .register(meters);
    writes = Timer.builder("weft.registry.store.write").register(meters);
    saved = Counter.builder("weft.registry.store.workers").register(meters);
    failures = Counter.builder("weft.registry.store.failures").register(meters);
  }

  /** Shows what the others count themselves. */
  void show(
      MeterRegistry meters,
      HeartbeatGrpcService heartbeats,
      FleetWatchers watchers,
      CellHolding holding) {
    FunctionCounter.builder("weft.registry.beats", heartbeats, HeartbeatGrpcService::beats)
        .register(meters);
    FunctionCounter.builder("weft.registry.messages.paced", heartbeats, HeartbeatGrpcService::paced)
        .register(meters);
    Gauge.builder("weft.registry.watchers", watchers, FleetWatchers::count).register(meters);
    Gauge.builder("weft.registry.active", holding, it -> it.mine() ? 1 : 0).register(meters);
    Gauge.builder("weft.registry.epoch", holding, it -> it.epoch().orElse(0)).register(meters);
  }

  /** Brings the gauges of workers up to date; to be called every few seconds. */
  void refresh(FleetKeeper keeper) {
    List<WorkerView> views = keeper.peek(Fleet::all).orElse(List.of());
    Map<String, Integer> counts = new TreeMap<>();
    STATES.forEach(state -> counts.put(state, 0));
    List<Row<?>> latencies = new ArrayList<>();
    List<Row<?>> rates = new ArrayList<>();
    for (WorkerView view : views) {
      counts.merge(state(view), 1, Integer::sum);
      if (view.state() instanceof Connected && latencies.size() < MOST_NAMED) {
        Tags name = Tags.of("worker", view.name());
        latencies.add(Row.of(name, view.live().latency().toNanos() / NANOS));
        rates.add(Row.of(name, view.live().statistics().successRate()));
      }
    }
    List<Row<?>> states = new ArrayList<>();
    counts.forEach((state, count) -> states.add(Row.of(Tags.of("state", state), count)));
    workers.register(states, true);
    latency.register(latencies, true);
    successRate.register(rates, true);
  }

  @Override
  public void saved(int count, long nanos) {
    saved.increment(count);
    writes.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void failed() {
    failures.increment();
  }

  private static String state(WorkerView view) {
    return switch (view.state()) {
      case Ready ignored -> "ready";
      case Unhealthy ignored -> "unhealthy";
      case Draining ignored -> "draining";
      case Drained ignored -> "drained";
      case Offline ignored -> "offline";
    };
  }
}
