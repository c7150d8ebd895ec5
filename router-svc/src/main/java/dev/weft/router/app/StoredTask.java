package dev.weft.router.app;

import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task as stored.
 *
 * @param revision its last commit
 * @param spec empty bytes in a page
 * @param result of a task that SUCCEEDED; of the last attempt for one that FAILED after it ran
 * @param problem of a FAILED task
 */
public record StoredTask(
    TaskRow row,
    long revision,
    Document spec,
    Times times,
    Optional<Document> result,
    Optional<Problem> problem) {

  /**
   * Database times.
   *
   * @param updated of the last commit; the end when the state is terminal
   * @param attemptStarted of the current or last attempt's lease
   */
  public record Times(Instant created, Instant updated, @Nullable Instant attemptStarted) {}
}
