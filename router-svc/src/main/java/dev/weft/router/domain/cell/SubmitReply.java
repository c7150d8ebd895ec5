package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;

/** Takes the outcome of each item of a submit, exactly once. */
public interface SubmitReply {

  void accepted(int item, AdmittedTask task, long commit, Instant commitTime);

  /** The id or the key is known; this is its task, which is durable. */
  void existing(int item, TaskId first);

  void denied(int item, Denial reason);
}
