package dev.weft.router.domain.outlier;

import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.Map;

/** The windows of all workers within one scope. */
final class Group {

  private final long windowNanos;
  private final Counts all;
  private final Map<WorkerId, Counts> byWorker = new HashMap<>();

  Group(long windowNanos, long now) {
    this.windowNanos = windowNanos;
    this.all = new Counts(windowNanos, now);
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

  Counts.Stats own(WorkerId worker, long now) {
    Counts own = byWorker.get(worker);
    return own == null ? new Counts.Stats(0, 0, 0, 0, 0) : own.stats(now);
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

  /** Drops who had nothing for a whole window. */
  boolean sweep(long now) {
    byWorker.values().removeIf(counts -> counts.empty(now));
    return byWorker.isEmpty();
  }
}
