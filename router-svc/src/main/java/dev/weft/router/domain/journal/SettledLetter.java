package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that leaves the queue. A letter that is settled already is a mismatch; one that is
 * no longer kept is none.
 *
 * @param redrivenAs the task, admitted in the same commit, that does its work again; null when it
 *     is purged
 */
public record SettledLetter(TaskId task, String tenant, @Nullable TaskId redrivenAs) {}
