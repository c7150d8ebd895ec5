package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskId;

/** Names one execution. The fence alone tells it from every other of the cell. */
public record AttemptKey(TaskId task, int attempt, long fence) {}
