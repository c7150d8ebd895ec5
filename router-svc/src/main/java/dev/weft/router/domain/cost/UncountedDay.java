package dev.weft.router.domain.cost;

import java.time.Instant;

/**
 * The part of a tenant's day that stored attempts alone can tell: those that ended after the first
 * of two times and not after the second. What ends later is told by the cell's own memory.
 *
 * @param currency of the workers and models whose prices count; empty for none, so that tokens
 *     alone do
 */
public record UncountedDay(String tenant, String currency, Instant begin, Instant until) {}
