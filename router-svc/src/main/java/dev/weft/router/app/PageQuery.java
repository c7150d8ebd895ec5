package dev.weft.router.app;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for a page of a tenant's tasks.
 *
 * @param states empty means all
 * @param before only ids below; empty starts at the newest
 */
public record PageQuery(String tenant, Set<TaskState> states, Optional<TaskId> before, int size) {}
