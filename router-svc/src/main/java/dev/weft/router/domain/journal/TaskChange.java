package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * One step of one task. A commit may hold several of the same task, in order.
 *
 * @param previousCommit the commit before this one that changed the task; 0 for none. All steps of
 *     one task in one commit name the same.
 * @param reason from the catalogue; empty when the change needs none
 */
public record TaskChange(
    TaskId task,
    long previousCommit,
    TaskState state,
    int attempt,
    @Nullable WorkerId worker,
    String reason) {}
