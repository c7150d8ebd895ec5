package dev.weft.platform.lease;

import dev.weft.platform.lifecycle.VitalThreads;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Contends for a cell, holds it, and tells a listener. Works on a connection and a daemon thread of
 * its own.
 *
 * <p>While PostgreSQL is away the holder stays the holder, since nobody else can take the cell
 * either. Only a refusal by {@code guard}, seen here or by a writer that reports it with {@link
 * #refused}, ends a lease.
 */
public final class CellLease implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CellLease.class);
  private static final Backoff RECONNECT =
      Backoff.doubling(Duration.ofMillis(100), Duration.ofMillis(500));
  private static final Duration PAUSE_AFTER_FAILED_START = Duration.ofSeconds(2);
  private static final long STOP_SECONDS = 10;

  private final LeaseSettings settings;
  private final LeaseDatabase database;
  private final LeaseListener listener;
  private final Ticker ticker;
  private final LeaseWatch watch;
  private final Thread thread;
  private final ExecutorService calls;
  private final Semaphore wake = new Semaphore(0);
  private final AtomicReference<@Nullable HeldLease> held = new AtomicReference<>();
  private volatile HolderHint hint = HolderHint.UNKNOWN;
  private volatile long failedEpoch;
  private volatile long givenUpEpoch;
  private volatile boolean stopping;
  private boolean away;
  private long contendFrom;

  public CellLease(
      LeaseSettings settings, LeaseDatabase database, LeaseListener listener, Ticker ticker) {
    this.settings = settings;
    this.database = database;
    this.listener = listener;
    this.ticker = ticker;
    this.watch = new LeaseWatch(settings.node(), settings.silence(), settings.poll());
    this.contendFrom = ticker.nanos();
    String name = "lease-" + settings.role() + "-" + settings.cell();
    this.thread = VitalThreads.named(name).unstarted(this::run);
    this.calls = Executors.newSingleThreadExecutor(VitalThreads.named(name + "-calls").factory());
  }

  /** Begins to contend. */
  public void start() {
    thread.start();
  }

  /** The lease, if this process holds it as far as it knows. */
  public Optional<HeldLease> held() {
    return Optional.ofNullable(held.get());
  }

  /** Who holds the cell as far as this process knows: for the answer NOT_HOLDER. */
  public HolderHint current() {
    return hint;
  }

  /**
   * A writer was refused under this epoch, or no longer trusts what it knows: the lease is over if
   * it is still the one. If nobody else has taken it by then, this process contends for it anew
   * after a moment.
   */
  public void refused(long epoch) {
    HeldLease mine = held.get();
    if (mine != null && mine.epoch() == epoch) {
      givenUpEpoch = epoch;
      lose(mine);
    }
  }

  /**
   * Stops and, if it holds, gives the lease back, so that a standby takes over at once. The epoch
   * is raised by that: writers of this process must have ended before, since they are refused, and
   * ended if they hang.
   */
  @Override
  public void close() {
    stopping = true;
    wake.release();
    try {
      thread.join(Duration.ofSeconds(STOP_SECONDS));
      HeldLease mine = held.get();
      if (mine != null) {
        lose(mine);
      }
      calls.shutdown();
      if (!calls.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warnf("listener of a cell does not return role=%s", settings.role());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    int failures = 0;
    while (!stopping) {
      try (Connection connection = database.open()) {
        LeaseTable table = new LeaseTable(connection, settings.cell(), settings.role());
        table.ensureRow();
        reached();
        failures = 0;
        contend(table);
      } catch (SQLException | RuntimeException e) {
        failures++;
        missed(e);
        pause(RECONNECT.delay(failures, ThreadLocalRandom.current()));
      }
    }
  }

  private void contend(LeaseTable table) throws SQLException {
    while (!stopping) {
      HeldLease mine = held.get();
      if (mine == null) {
        standBy(table);
        pause(settings.poll());
      } else if (failedEpoch == mine.epoch()) {
        giveBack(table, mine);
        contendFrom = ticker.nanos() + PAUSE_AFTER_FAILED_START.toNanos();
      } else {
        beat(table, mine);
        pause(settings.beat());
      }
    }
    HeldLease mine = held.get();
    if (mine != null) {
      giveBack(table, mine);
    }
  }

  private void standBy(LeaseTable table) throws SQLException {
    long now = ticker.nanos();
    LeaseRow row = table.read();
    hint = row.hint();
    boolean mayTake = watch.mayTake(row, now) || isGivenUp(row);
    if (!mayTake || now - contendFrom < 0) {
      return;
    }
    OptionalLong epoch = table.seize(row, settings.node(), settings.address());
    if (epoch.isEmpty()) {
      return;
    }
    HeldLease mine = new HeldLease(settings.cell(), settings.role(), epoch.getAsLong());
    LOG.infof(
        "cell taken role=%s cell=%d epoch=%d before=%s",
        mine.role(), mine.cell(), mine.epoch(), row.holder());
    watch.forget();
    hint = new HolderHint(mine.epoch(), settings.node(), settings.address());
    held.set(mine);
    calls.execute(() -> acquired(mine));
  }

  private boolean isGivenUp(LeaseRow row) {
    return row.epoch() == givenUpEpoch && row.holder().equals(settings.node());
  }

  private void beat(LeaseTable table, HeldLease mine) throws SQLException {
    try {
      table.beat(mine.epoch());
    } catch (SQLException e) {
      if (!CellFence.refused(e)) {
        throw e;
      }
      lose(mine);
    }
  }

  private void giveBack(LeaseTable table, HeldLease mine) throws SQLException {
    LeaseRow row = table.read();
    if (row.epoch() == mine.epoch()) {
      table.seize(row, "", "");
      LOG.infof("cell given back role=%s cell=%d epoch=%d", mine.role(), mine.cell(), mine.epoch());
    }
    hint = HolderHint.UNKNOWN;
    lose(mine);
  }

  private void acquired(HeldLease mine) {
    try {
      listener.acquired(mine.epoch());
    } catch (RuntimeException e) {
      LOG.errorf(
          e,
          "cell could not be started, its lease is given back role=%s epoch=%d",
          mine.role(),
          mine.epoch());
      failedEpoch = mine.epoch();
      wake.release();
    }
  }

  private void lose(HeldLease mine) {
    if (held.compareAndSet(mine, null)) {
      LOG.infof(
          "cell no longer held role=%s cell=%d epoch=%d", mine.role(), mine.cell(), mine.epoch());
      calls.execute(listener::lost);
      wake.release();
    }
  }

  private void reached() {
    if (away) {
      LOG.infof(
          "lease database reached again role=%s held=%s", settings.role(), held().isPresent());
      away = false;
    }
  }

  private void missed(Exception failure) {
    watch.forget();
    if (!away) {
      LOG.warnf(
          "lease database away, trying on role=%s held=%s error=%s",
          settings.role(), held().isPresent(), failure);
      away = true;
    }
  }

  private void pause(Duration time) {
    try {
      if (wake.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      stopping = true;
    }
  }
}
