package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * On the replica that holds the cell stores prices a moment after they were seen, on a thread of
 * its own: no task waits for it and no commit carries it. While nothing changes it asks the
 * database once a day, by which prices of workers that still exist outlive the retention.
 */
public final class PriceKeeper implements AutoCloseable {
  private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);

  private final PriceLog log;
  private final PriceStore store;
  private final Supplier<OptionalLong> held;
  private final Ticker ticker;
  private final KeeperRounds rounds =
      new KeeperRounds("router-prices", "prices are not stored", this::keep);
  private long storedVersion = -1;
  private long storedEpoch = -1;
  private long storedAt;

  /**
   * @param held the epoch under which this replica holds the cell, while it does
   */
  public PriceKeeper(PriceLog log, PriceStore store, Supplier<OptionalLong> held, Ticker ticker) {
    this.log = log;
    this.store = store;
    this.held = held;
    this.ticker = ticker;
  }

  public void start() {
    rounds.start();
  }

  /** One round; true if it asked the store. */
  public synchronized boolean keep() {
    OptionalLong epoch = held.get();
    if (epoch.isEmpty() || !isDue(epoch.getAsLong())) {
      return false;
    }
    PriceLog.Snapshot snapshot = log.snapshot();
    store.keep(epoch.getAsLong(), snapshot.prices());
    log.stored(snapshot);
    storedVersion = snapshot.version();
    storedEpoch = epoch.getAsLong();
    storedAt = ticker.nanos();
    return true;
  }

  @Override
  public void close() {
    rounds.close();
  }

  private boolean isDue(long epoch) {
    return epoch != storedEpoch
        || log.version() != storedVersion
        || ticker.nanos() - storedAt > DAY_NANOS;
  }
}
