package dev.weft.router.app;

import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * Asks what attempts cost.
 *
 * @param tenant empty means all tenants, which is not for {@link CostGroup#TASK}
 * @param until empty means now
 * @param task this task of the tenant alone
 * @param after the place after which the page starts
 * @param size how many groups
 */
public record CostQuery(
    Optional<String> tenant,
    CostGroup by,
    Instant since,
    Optional<Instant> until,
    Optional<TaskId> task,
    Optional<CostPage.Place> after,
    int size) {}
