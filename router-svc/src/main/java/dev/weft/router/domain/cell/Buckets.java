package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.task.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which minutes of ids hold something open. A takeover reads the stored set and every minute from
 * its {@code readFrom} on, so a task whose minute is neither must be admitted together with a new
 * set.
 */
final class Buckets {

  private static final long MILLIS = 60_000;

  private final Map<Long, Integer> open = new HashMap<>();
  private Set<Long> stored = Set.of();
  private long readFrom = Long.MAX_VALUE;
  private boolean urgent;

  void opened(TaskId id) {
    long bucket = id.bucket();
    open.merge(bucket, 1, Integer::sum);
    if (bucket < readFrom && !stored.contains(bucket)) {
      urgent = true;
    }
  }

  void closed(TaskId id) {
    open.computeIfPresent(id.bucket(), (bucket, count) -> count == 1 ? null : count - 1);
  }

  /** The stored set does not cover what is open. */
  boolean urgent() {
    return urgent;
  }

  /** The stored set names minutes that hold nothing, or makes a takeover read too much. */
  boolean stale(long databaseMillis) {
    return !(open.isEmpty() && stored.isEmpty())
        && (readFrom != from(databaseMillis) || !stored.equals(below(readFrom)));
  }

  /** The set to store now. */
  OpenBuckets snapshot(long databaseMillis) {
    readFrom = from(databaseMillis);
    stored = below(readFrom);
    urgent = false;
    return new OpenBuckets(List.copyOf(stored), readFrom);
  }

  private Set<Long> below(long limit) {
    Set<Long> minutes = new HashSet<>();
    for (long minute : open.keySet()) {
      if (minute < limit) {
        minutes.add(minute);
      }
    }
    return minutes;
  }

  /** The minute before this one: ids are minted elsewhere, a moment earlier. */
  private static long from(long databaseMillis) {
    return databaseMillis / MILLIS - 1;
  }
}
