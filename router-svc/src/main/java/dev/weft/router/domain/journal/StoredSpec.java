package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;

/**
 * What a worker needs of a task's immutable part, and whose it is.
 *
 * @param user of its tenant; empty for nobody
 */
public record StoredSpec(TaskId task, Document spec, String traceparent, String user) {

  /** Of no user. */
  public StoredSpec(TaskId task, Document spec, String traceparent) {
    this(task, spec, traceparent, "");
  }
}
