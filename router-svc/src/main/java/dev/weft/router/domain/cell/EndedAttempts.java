package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who ran what ended lately: its worker may still have output of it that no replica has taken. As
 * many as there is room for, the newest; a new placer begins with none.
 */
final class EndedAttempts {

  /** About 20 MB. */
  static final int MOST = 100_000;

  /** As long as a worker keeps what an ended attempt printed. */
  static final Duration KEEP = Duration.ofMinutes(10);

  private final int most;
  private final long keepNanos;
  private final Map<AttemptKey, Ended> attempts = new LinkedHashMap<>();

  EndedAttempts(int most, Duration keep) {
    this.most = most;
    this.keepNanos = keep.toNanos();
  }

  /** Remembers an attempt from its end on. */
  void add(Attempt attempt) {
    attempts.put(
        attempt.key(), new Ended(attempt.worker.id(), attempt.task.tenant(), attempt.endedAt));
    if (attempts.size() > most) {
      Iterator<Ended> oldest = attempts.values().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Whose attempt it was; empty when it is unknown, another worker's or too long ago. */
  Optional<String> tenant(WorkerId worker, AttemptKey key, long now) {
    return Optional.ofNullable(attempts.get(key))
        .filter(ended -> ended.worker().equals(worker) && now - ended.atNanos() <= keepNanos)
        .map(Ended::tenant);
  }

  void forgetOld(long now) {
    Iterator<Ended> oldest = attempts.values().iterator();
    while (oldest.hasNext() && now - oldest.next().atNanos() > keepNanos) {
      oldest.remove();
    }
  }

  private record Ended(WorkerId worker, String tenant, long atNanos) {}
}
