package dev.weft.router.domain.cell;

import java.util.concurrent.TimeUnit;

/**
 * How fast a shape's waiting tasks go out, from the last leases given while some waited. It forgets
 * by counts, not by time, so that tasks of an hour are judged as well as those of a millisecond,
 * and it says nothing before it has seen enough.
 */
final class Outlook {

  private static final int ENOUGH = 32;
  private static final int REMEMBERED = 256;

  private double leases;
  private double busyNanos;
  private long lookedAt;
  private boolean wasBusy;
  private int workersSeen;

  void leased() {
    if (wasBusy) {
      leases++;
    }
  }

  /**
   * Called several times a second.
   *
   * @param waiting tasks
   * @param workers that could take them; with others the past says nothing
   */
  void look(long nowNanos, long waiting, int workers) {
    boolean busy = waiting > 0 && workers > 0;
    if (workers != workersSeen) {
      workersSeen = workers;
      leases = 0;
      busyNanos = 0;
      wasBusy = false;
    }
    if (wasBusy && busy) {
      busyNanos += nowNanos - lookedAt;
    } else if (wasBusy) {
      // The queue ran dry somewhere in between: what went out meanwhile took less than the whole.
      busyNanos += (nowNanos - lookedAt) / 2.0;
    }
    lookedAt = nowNanos;
    wasBusy = busy;
    if (leases > REMEMBERED) {
      busyNanos *= REMEMBERED / 2.0 / leases;
      leases = REMEMBERED / 2.0;
    }
  }

  /**
   * How long one more would wait behind so many.
   *
   * @return milliseconds; 0 when nothing is known
   */
  long waitMillis(long ahead) {
    if (leases < ENOUGH || busyNanos <= 0) {
      return 0;
    }
    double nanos = ahead * (busyNanos / leases);
    return (long) Math.min(nanos / TimeUnit.MILLISECONDS.toNanos(1), Long.MAX_VALUE / 2.0);
  }
}
