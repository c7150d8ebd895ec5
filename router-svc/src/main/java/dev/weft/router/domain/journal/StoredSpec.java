package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;

/** What a worker needs of a task's immutable part. */
public record StoredSpec(TaskId task, Document spec, String traceparent) {}
