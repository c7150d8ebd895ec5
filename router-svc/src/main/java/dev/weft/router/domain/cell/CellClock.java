package dev.weft.router.domain.cell;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The two times of a cell: its own monotonic one, which judges leases, and the database's, which is
 * stored. Moved on by hand.
 */
final class CellClock {

  private long nanos;
  private long databaseMillisAtZero;

  CellClock(long nanos, Instant databaseTime) {
    this.nanos = nanos;
    databaseTime(databaseTime);
  }

  /** Never goes back. */
  void moveTo(long now) {
    nanos = Math.max(nanos, now);
  }

  /** The database has just said what time it is there. */
  void databaseTime(Instant time) {
    databaseMillisAtZero = time.toEpochMilli() - TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  long nanos() {
    return nanos;
  }

  long databaseMillis() {
    return databaseMillisAtZero + TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
