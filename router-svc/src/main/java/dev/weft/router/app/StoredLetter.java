package dev.weft.router.app;

import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as stored.
 *
 * @param settled when it left the queue; null while it is in it
 * @param redrivenAs the task that does its work again; null with {@code settled} means purged
 */
public record StoredLetter(
    DeadLetter letter,
    PriorityClass priority,
    Instant ended,
    @Nullable Instant settled,
    @Nullable TaskId redrivenAs) {

  public TaskId task() {
    return letter.task();
  }

  /** Where it stands in the order of letters. */
  public LetterCursor cursor() {
    return new LetterCursor(ended, task());
  }
}
