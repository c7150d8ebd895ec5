package dev.weft.router.domain.cost;

import java.time.Instant;

/**
 * The part of a tenant's day that stored attempts alone can tell: those that ended after the first
 * of two times and not after the second. What ends later is told by the cell's own memory.
 *
 * @param currency of the workers whose attempts count
 */
public record UncountedDay(String tenant, String currency, Instant begin, Instant until) {}
