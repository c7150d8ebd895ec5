package dev.weft.router.domain.journal;

import java.util.List;

/** One row of the event log: what one commit changed for one tenant, in order. */
public record TenantEvents(String tenant, List<TaskChange> changes) {}
