package dev.weft.router.app;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;

/** The first task under an idempotency key, and its spec's digest. */
public record KnownKey(TaskId task, Document digest) {}
