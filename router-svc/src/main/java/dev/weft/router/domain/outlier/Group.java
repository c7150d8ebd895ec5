package dev.weft.router.domain.outlier;

import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** The windows of all workers within one scope. */
final class Group {

  /**
   * How long the fleet is not looked through again, nor asked about while as many as may are out.
   */
  private static final long CENSUS_NANOS = 1_000_000_000;

  private final long windowNanos;
  private final Counts all;
  private final Map<WorkerId, Counts> byWorker = new HashMap<>();
  private int able = -1;
  private long countedAt;
  private long cappedUntil;

  Group(long windowNanos, long now) {
    this.windowNanos = windowNanos;
    this.all = new Counts(windowNanos, now);
    this.cappedUntil = now;
  }

  void add(WorkerId worker, boolean failure, double millis, long now) {
    Counts own = byWorker.get(worker);
    if (own == null) {
      own = new Counts(windowNanos, now);
      byWorker.put(worker, own);
    }
    own.add(failure, millis, now);
    all.add(failure, millis, now);
  }

  /** Whether that worker was lost at this very moment already; from now on it was. */
  boolean lostAgain(WorkerId worker, long now) {
    Counts own = byWorker.get(worker);
    return own != null && own.lostAgain(now);
  }

  /** It was lost, which has been counted. */
  void lost(WorkerId worker, long now) {
    Counts own = byWorker.get(worker);
    if (own != null) {
      own.lost(now);
    }
  }

  Counts.Stats own(WorkerId worker, long now) {
    Counts own = byWorker.get(worker);
    return own == null ? Counts.Stats.NONE : own.stats(now);
  }

  Counts.Stats others(Counts.Stats own, long now) {
    return all.stats(now).without(own);
  }

  /** Its past is settled: from here on the worker begins anew, and the others are others. */
  void forget(WorkerId worker, long now) {
    Counts own = byWorker.remove(worker);
    if (own != null) {
      all.remove(own, now);
    }
  }

  /** How many could take such work; counted once a second at most. */
  int able(long now, IntSupplier count) {
    if (able < 0 || now - countedAt >= CENSUS_NANOS) {
      able = count.getAsInt();
      countedAt = now;
    }
    return able;
  }

  /** As many are out as may be: for a moment nobody is suspected. */
  void cap(long now) {
    cappedUntil = now + CENSUS_NANOS;
  }

  boolean capped(long now) {
    return now - cappedUntil < 0;
  }

  int windows() {
    return byWorker.size();
  }

  /**
   * Drops who had nothing for a whole window.
   *
   * @return whether anybody is left
   */
  boolean sweep(long now) {
    byWorker.values().removeIf(counts -> counts.empty(now));
    return !byWorker.isEmpty();
  }
}
