package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskId;

/** A task's hot row, less its last commit, which is the number of the commit that writes it. */
public record TaskRow(TaskId id, TaskOrigin origin, TaskProgress progress) {}
