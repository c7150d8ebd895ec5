package dev.weft.router.app;

import dev.weft.router.domain.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * A page, newest first.
 *
 * @param next the {@code before} of the next page; empty at the end
 */
public record TaskPage(List<StoredTask> tasks, Optional<TaskId> next) {}
