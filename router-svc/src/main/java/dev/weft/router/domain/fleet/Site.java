package dev.weft.router.domain.fleet;

/**
 * Where a worker stands, how far that is, and what it costs.
 *
 * @param currency empty when no price is known
 */
public record Site(String region, int latencyMillis, long microsPerHour, String currency) {}
