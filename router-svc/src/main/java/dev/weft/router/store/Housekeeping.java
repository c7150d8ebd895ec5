package dev.weft.router.store;

import dev.weft.platform.lease.HeldLease;
import dev.weft.platform.lease.LeaseDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Keeps the tables in order, at start and every hour: makes the days ahead, and on the replica that
 * holds the cell moves what stays open for long and drops what is kept no longer.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofHours(1);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final int DAYS_AHEAD = 3;

  private final LeaseDatabase database;
  private final Supplier<Optional<HeldLease>> held;
  private final int retentionDays;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param held the cell's lease, while this replica holds it
   * @param retentionDays whole days for which what has ended is kept
   */
  public Housekeeping(
      LeaseDatabase database, Supplier<Optional<HeldLease>> held, int retentionDays) {
    int least = OldTaskMover.DAYS_IN_PLACE + 1;
    if (retentionDays < least) {
      throw new IllegalArgumentException(
          "retention days: " + retentionDays + " (expected: >= " + least + ")");
    }
    this.database = database;
    this.held = held;
    this.retentionDays = retentionDays;
    this.thread = Thread.ofPlatform().daemon().name("router-housekeeping").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** One round. */
  public void keep() throws SQLException {
    try (Connection connection = Sessions.background(database)) {
      HeldLease lease = held.get().orElse(null);
      CellGuard guard =
          lease == null
              ? new CellGuard(0, "", 0)
              : new CellGuard(lease.cell(), lease.role(), lease.epoch());
      GuardedWork work = new GuardedWork(connection, guard);
      work.execute("SELECT ensure_partitions(" + DAYS_AHEAD + ")");
      if (lease != null) {
        Partitions partitions = Partitions.read(work);
        int moved = new OldTaskMover(work, partitions).move();
        List<String> dropped = new RetentionSweep(work, partitions, retentionDays).sweep();
        LOG.infof("tables kept in order moved=%d dropped=%s", moved, dropped);
      }
    }
  }

  @Override
  public void close() {
    stopping.countDown();
  }

  private void run() {
    Duration pause = Duration.ZERO;
    try {
      while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = keptWell() ? PERIOD : AFTER_FAILURE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean keptWell() {
    try {
      keep();
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.warnf("tables are not kept in order, trying again soon error=%s", e.getMessage());
      return false;
    }
  }
}
