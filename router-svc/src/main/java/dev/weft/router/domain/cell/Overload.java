package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what the cell could only let wait in vain, the lowest class first: a lower class may fill
 * less of the ready set, and has more before it.
 */
final class Overload {

  /** Of the bound, each class may fill so much less than the one above it. */
  private static final int STEP_PERCENT = 3;

  private static final long LEAST_RETRY_MILLIS = 1_000;
  private static final long MOST_RETRY_MILLIS = 60_000;

  private final CellCore core;
  private final boolean byClassDeadline;

  Overload(CellCore core, boolean byClassDeadline) {
    this.core = core;
    this.byClassDeadline = byClassDeadline;
  }

  /** Why the ready set takes no more of this class; null when it does. */
  @Nullable Denial full(PriorityClass priority) {
    long bound = core.settings.bounds().waiting();
    long most = Math.ceilDiv(bound * (100 - STEP_PERCENT * priority.code()), 100L);
    if (core.waiting < most) {
      return null;
    }
    core.tally.shed(priority);
    return denial(
        Denial.Reason.QUEUE_FULL,
        "waiting tasks: %d (expected: < %d for class %s)".formatted(core.waiting, most, priority),
        Map.of("waiting", Integer.toString(core.waiting), "limit", Long.toString(most)),
        priority,
        LEAST_RETRY_MILLIS);
  }

  /** Why this one would wait in vain behind what waits already; null when it would not. */
  @Nullable Denial hopeless(Submission.Terms terms, TaskStream stream) {
    if (terms.delayMillis() > 0) {
      return null;
    }
    Shape shape = stream.shape;
    if (!shape.exhausted && !stream.kept) {
      return null;
    }
    long wait = shape.outlook.waitMillis(shape.ahead(terms.priority()));
    long patience = patience(terms);
    if (wait <= patience) {
      return null;
    }
    core.tally.shed(terms.priority());
    return denial(
        Denial.Reason.OVERLOADED,
        "projected wait: %d ms (expected: <= %d ms, after which the task is late or expires)"
            .formatted(wait, patience),
        Map.of("projected_wait_ms", Long.toString(wait), "limit_ms", Long.toString(patience)),
        terms.priority(),
        wait - patience);
  }

  private long patience(Submission.Terms terms) {
    long deadline = terms.urgency().deadlineMillis();
    if (deadline == 0 && byClassDeadline) {
      deadline = terms.priority().deadline().toMillis();
    }
    long patience = terms.patienceMillis();
    return deadline > 0 ? Math.min(deadline, patience) : patience;
  }

  private static Denial denial(
      Denial.Reason reason,
      String message,
      Map<String, String> variables,
      PriorityClass priority,
      long retryMillis) {
    Map<String, String> metadata = new LinkedHashMap<>(variables);
    metadata.put("class", priority.name());
    long pause = Math.clamp(retryMillis, LEAST_RETRY_MILLIS, MOST_RETRY_MILLIS);
    return new Denial(reason, message, metadata).retryAfter(Duration.ofMillis(pause));
  }
}
