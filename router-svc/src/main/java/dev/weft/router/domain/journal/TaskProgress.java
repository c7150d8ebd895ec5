package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a task's hot row that change.
 *
 * @param notBeforeMillis database time before which it is not started; 0 means at once
 * @param failures attempts that cost a retry
 * @param losses attempts lost while they ran
 * @param attempt the current or last attempt; null before the first
 * @param resultAttempt the attempt whose stored result is the task's; 0 when no result is stored
 */
public record TaskProgress(
    TaskState state,
    long notBeforeMillis,
    int failures,
    int losses,
    @Nullable LeaseRef attempt,
    int resultAttempt) {}
