package dev.weft.router.domain.replay;

/**
 * Everything that is known of a range.
 *
 * @param scenario the policies and the fleet of that time
 * @param prices by which the recorded attempts are counted
 * @param fleetAsNow no history of the fleet was kept: its present state stands in for it
 */
public record Past(Workload workload, Scenario scenario, PriceHistory prices, boolean fleetAsNow) {}
