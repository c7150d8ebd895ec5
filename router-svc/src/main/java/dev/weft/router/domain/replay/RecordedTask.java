package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task as it was: what it asked for, when it came, what became of it.
 *
 * @param ended null while it is open
 * @param runs its attempts, oldest first
 */
public record RecordedTask(
    TaskId id,
    Instant created,
    Submission.Terms terms,
    TaskState state,
    @Nullable Instant ended,
    List<RecordedRun> runs) {

  public RecordedTask {
    runs = List.copyOf(runs);
  }

  /** From when it might have started. */
  Instant ready() {
    return created.plusMillis(terms.delayMillis());
  }

  /** How long after acceptance it should have ended. */
  long deadlineMillis() {
    Urgency urgency = terms.urgency();
    return Urgency.deadlineMillis(urgency.priority(), urgency.deadlineCode());
  }

  /**
   * Whether its deadline says something: as the cell counts, neither what its user cancelled nor
   * what was to start later without a deadline of its own; and of what is open only what is late.
   */
  boolean judged(Instant now) {
    if (state == TaskState.CANCELLED
        || (terms.delayMillis() > 0 && terms.urgency().deadlineMillis() == 0)) {
      return false;
    }
    return ended != null || Duration.between(created, now).toMillis() > deadlineMillis();
  }

  /** An attempt was lost with its worker. */
  boolean lostOne() {
    return runs.stream().anyMatch(run -> run.state() == AttemptState.LOST);
  }
}
