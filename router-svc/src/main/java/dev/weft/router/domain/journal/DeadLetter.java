package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;

/** A task that FAILED for good. Every attempt's error stands in its {@link EndedAttempt}. */
public record DeadLetter(TaskId task, String tenant, int attempts, Problem problem) {}
