package dev.weft.scaler.app;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.scaler.app.Drains.Progress;
import dev.weft.scaler.domain.plan.FleetSight;
import dev.weft.scaler.domain.plan.WorkerSeen;
import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import dev.weft.scaler.domain.pool.PoolSpec;
import dev.weft.scaler.domain.pool.Pools;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A scaler over fakes; time passes only when the test says so. */
public final class KeeperFixture {

  public final SettableTicker ticker = new SettableTicker();
  public final MemoryPoolStore store = new MemoryPoolStore(this::now);
  public final FakeProvider provider = new FakeProvider(Pools.spec(0));
  public final FakeHolding holding = new FakeHolding();
  public final List<String> asked = new ArrayList<>();
  public final Set<String> drained = new HashSet<>();
  public final Map<String, WorkerSeen> workers = new HashMap<>();
  public List<PoolSpec> configured = List.of(Pools.spec(1));
  public PoolKeeper keeper = keeper();
  private Instant start = Pools.START;
  private final long startNanos = ticker.nanos();

  private Instant now() {
    return start.plusNanos(ticker.nanos() - startNanos);
  }

  /** Another scaler of the same cell. */
  public PoolKeeper keeper() {
    Capacity capacity =
        new Capacity(
            List.of(provider),
            (worker, grace) -> {
              asked.add(worker);
              return CompletableFuture.completedFuture(
                  drained.contains(worker) ? Progress.DRAINED : Progress.DRAINING);
            },
            Duration.ofSeconds(1));
    return new PoolKeeper(
        new PoolKeeper.Surroundings(
            () -> configured,
            store,
            capacity,
            () -> new FleetSight(true, workers),
            holding,
            new PoolKeeper.Listener() {
              @Override
              public void acted(ScalingAction action) {}

              @Override
              public void storeFailed() {}
            }),
        ticker,
        Pools::id);
  }

  public KeeperFixture begun() {
    keeper.begin(store.epoch);
    return this;
  }

  /** A few rounds, half a second apart. */
  public void rounds(int count) {
    for (int i = 0; i < count; i++) {
      ticker.advance(Duration.ofMillis(500));
      keeper.round();
    }
  }

  /** The registry shows the worker. */
  public void see(String worker, Standing standing, Duration standingFor) {
    workers.put(worker, new WorkerSeen("wkr-" + worker, standing, standingFor, 0));
  }

  /** Starts and shows as many as are desired. */
  public void healthy(int count) {
    rounds(1);
    for (int n = 1; n <= count; n++) {
      see(Pools.worker(n), Standing.READY, Duration.ZERO);
    }
    rounds(2);
  }
}
