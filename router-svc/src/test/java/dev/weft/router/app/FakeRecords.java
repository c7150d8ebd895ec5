package dev.weft.router.app;

import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.PriceHistory;
import dev.weft.router.domain.replay.RecordedTask;
import dev.weft.router.domain.replay.ReplayStopped;
import dev.weft.router.domain.replay.Workload;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Records in memory; reading can be held up. */
public final class FakeRecords implements RecordReader {

  public final List<RecordedTask> tasks = new CopyOnWriteArrayList<>();
  public final List<FleetEvent> fleet = new CopyOnWriteArrayList<>();
  public final AtomicInteger reading = new AtomicInteger();
  public final AtomicInteger stopped = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile @Nullable RuntimeException failure;

  /** From now on who reads waits, until it is told to stop or the latch opens. */
  public CountDownLatch hold() {
    gate = new CountDownLatch(1);
    return gate;
  }

  /** From now on every reading fails so. */
  public void fails(RuntimeException failure) {
    this.failure = failure;
  }

  @Override
  public Records read(String tenant, Instant since, Instant until, int most, BooleanSupplier stop) {
    reading.incrementAndGet();
    while (gate.getCount() > 0) {
      if (stop.getAsBoolean()) {
        stopped.incrementAndGet();
        throw new ReplayStopped();
      }
      Thread.onSpinWait();
    }
    RuntimeException broken = failure;
    if (broken != null) {
      throw broken;
    }
    if (tasks.size() > most) {
      throw TooMany.rows("tasks", most);
    }
    return new Records(
        new Workload(tenant, since, until, until, tasks), fleet, new PriceHistory(List.of()));
  }
}
