package dev.weft.router.app;

import dev.weft.router.domain.journal.TaskChange;
import java.time.Instant;
import java.util.List;

/**
 * What happened to a task.
 *
 * @param complete false when the log no longer reaches back to the cursor
 */
public record EventChain(List<Step> steps, boolean complete) {

  /** One step, its place in the log, and the database's time of its commit. */
  public record Step(EventCursor cursor, TaskChange change, Instant commitTime) {}
}
