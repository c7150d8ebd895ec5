package dev.weft.registry.domain.fleet;

import java.time.Instant;

/**
 * One point in time on both clocks.
 *
 * @param wall for stamps that people and databases see
 * @param nanos monotonic, for everything that is decided
 */
public record Moment(Instant wall, long nanos) {}
