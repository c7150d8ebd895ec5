package dev.weft.router.app;

import dev.weft.router.domain.task.Document;
import java.time.Instant;

/**
 * One stored body of decisions, as {@code TenantDecisions} or {@code ShapeWait} was written.
 *
 * @param ofShape whether it says why a shape waited
 */
public record StoredDecisions(long commit, Instant commitTime, boolean ofShape, Document body) {}
