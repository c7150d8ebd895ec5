package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;

/** The accepted result of a task that succeeded. At most one for each task. */
public record TaskResult(TaskId task, int attempt, Document result) {}
