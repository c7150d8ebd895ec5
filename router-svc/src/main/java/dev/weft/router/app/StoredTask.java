package dev.weft.router.app;

import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
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
 * @param redrive empty in a page
 */
public record StoredTask(
    TaskRow row,
    long revision,
    Document spec,
    Times times,
    Optional<Document> result,
    Optional<Problem> problem,
    Redrive redrive) {

  /**
   * What a redrive ties together.
   *
   * @param of the failed task whose work this one does again
   * @param as of a failed one, the task that does its
   */
  public record Redrive(Optional<TaskId> of, Optional<TaskId> as) {
    public static final Redrive NONE = new Redrive(Optional.empty(), Optional.empty());
  }

  /**
   * Database times.
   *
   * @param updated of the last commit; the end when the state is terminal
   * @param attemptStarted of the current or last attempt's lease
   */
  public record Times(Instant created, Instant updated, @Nullable Instant attemptStarted) {}
}
