package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.placement.PlacementPolicy;
import java.time.Instant;
import java.util.List;

/**
 * Under what a workload is replayed.
 *
 * @param name how a report calls it
 * @param policies in their order; the first holds from the start
 * @param fleet cut to the range: its end stays as it is then
 * @param order the order of the cell, which is the same in each
 */
public record Scenario(
    String name, List<PolicyStep> policies, FleetHistory fleet, OrderPolicy order) {

  public Scenario {
    policies = List.copyOf(policies);
    if (policies.isEmpty()) {
      throw new IllegalArgumentException("policies: none (expected: at least one)");
    }
  }

  /** From then on workers are chosen by it. */
  public record PolicyStep(Instant at, PlacementPolicy policy) {}
}
