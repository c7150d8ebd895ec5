package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskId;

/**
 * A hot row's new values.
 *
 * @param tenant the row's tenant
 * @param expectedCommit the row's last commit as the placer knows it; another one stored is a
 *     mismatch
 */
public record ChangedTask(TaskId id, String tenant, long expectedCommit, TaskProgress progress) {}
