package dev.weft.router.domain.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The recorded tasks of one tenant.
 *
 * @param readAt the database's time when they were read: what was open then is taken as open
 * @param tasks those accepted from since to until, in the order of acceptance
 */
public record Workload(
    String tenant, Instant since, Instant until, Instant readAt, List<RecordedTask> tasks) {

  public Workload {
    tasks =
        tasks.stream()
            .sorted(Comparator.comparing(RecordedTask::created).thenComparing(RecordedTask::id))
            .toList();
  }

  /** Nanoseconds after {@code since}; what was before counts as then. */
  long nanos(Instant time) {
    return Math.max(0, Duration.between(since, time).toNanos());
  }
}
