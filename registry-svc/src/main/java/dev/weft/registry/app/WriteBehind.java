package dev.weft.registry.app;

import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.time.Ticker;
import dev.weft.registry.app.FleetKeeper.Pending;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Brings to storage what has changed: profiles at the next round, statistics every few seconds,
 * many workers in one transaction, one transaction at a time. Runs on one thread.
 */
public final class WriteBehind {

  private static final Logger LOG = Logger.getLogger(WriteBehind.class);
  private static final int MOST_AT_ONCE = 500;

  private final FleetKeeper keeper;
  private final WorkerStore store;
  private final Holding holding;
  private final Ticker ticker;
  private final Pace pace;
  private final Listener listener;
  private long statisticsAt;
  private long notBefore;
  private boolean failing;

  /**
   * How often and how patiently it writes.
   *
   * @param statistics the least time between two writes of a worker's statistics
   * @param pause after a failure
   * @param patience for one transaction; longer than the database lets one live, so that none is
   *     still open when the next try begins
   */
  public record Pace(Duration statistics, Duration pause, Duration patience) {}

  /** Counts what happens. */
  public interface Listener {

    void saved(int workers, long nanos);

    void failed();
  }

  public WriteBehind(
      FleetKeeper keeper,
      WorkerStore store,
      Holding holding,
      Ticker ticker,
      Pace pace,
      Listener listener) {
    this.keeper = keeper;
    this.store = store;
    this.holding = holding;
    this.ticker = ticker;
    this.pace = pace;
    this.listener = listener;
    this.statisticsAt = ticker.nanos();
    this.notBefore = ticker.nanos();
  }

  /** One round; waits for the writes. */
  public void round() {
    long now = ticker.nanos();
    if (now - notBefore < 0) {
      return;
    }
    boolean statisticsToo = now - statisticsAt >= pace.statistics().toNanos();
    if (statisticsToo) {
      statisticsAt = now;
    }
    write(statisticsToo);
  }

  /** Writes all that is left, for an orderly end. */
  public void last() {
    write(true);
  }

  private void write(boolean statisticsToo) {
    Optional<Pending> pending = keeper.takeUnsaved(statisticsToo, MOST_AT_ONCE);
    while (pending.isPresent() && !pending.get().unsaved().isEmpty()) {
      if (!write(pending.get())) {
        return;
      }
      pending = keeper.takeUnsaved(false, MOST_AT_ONCE);
    }
  }

  private boolean write(Pending pending) {
    long start = ticker.nanos();
    SaveOutcome outcome;
    try {
      outcome = store.save(pending.epoch(), pending.unsaved()).await().atMost(pace.patience());
    } catch (RuntimeException e) {
      keeper.notSaved(pending);
      notBefore = ticker.nanos() + pace.pause().toNanos();
      listener.failed();
      failed(e);
      return false;
    }
    recovered();
    if (outcome == SaveOutcome.EPOCH_OVER) {
      holding.over(pending.epoch());
      return false;
    }
    listener.saved(pending.unsaved().size(), ticker.nanos() - start);
    return true;
  }

  private void failed(RuntimeException failure) {
    if (!failing) {
      failing = true;
      LOG.warnf(
          "workers not stored, kept in memory and tried again: %s=%s", LogKeys.ERROR, failure);
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.info("workers are stored again");
    }
  }
}
