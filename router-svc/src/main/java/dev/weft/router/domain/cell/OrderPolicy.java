package dev.weft.router.domain.cell;

import java.util.Map;

/**
 * How the cell's order treats classes and tenants.
 *
 * @param reservePercent of each executor's slots that only P0 may take, rounded down
 * @param agedEvery of so many leases one goes to an overdue task of a lower class, if there is one
 * @param shedByClassDeadline whether a task is refused as soon as it would wait beyond its class's
 *     deadline; else only when it would expire first, or miss a deadline of its own
 * @param tenantWeights shares of tenants within a class; others have 1
 */
public record OrderPolicy(
    int reservePercent,
    int agedEvery,
    boolean shedByClassDeadline,
    Map<String, Integer> tenantWeights) {

  public static final OrderPolicy STANDARD = new OrderPolicy(5, 16, false, Map.of());

  private static final int MOST_WEIGHT = 1_000;

  public OrderPolicy {
    check("WEFT_ORDER_RESERVE_PERCENT", reservePercent, 0, 90);
    check("WEFT_ORDER_AGED_EVERY", agedEvery, 2, 1_000);
    tenantWeights = Map.copyOf(tenantWeights);
    tenantWeights.forEach(
        (tenant, weight) ->
            check("WEFT_ORDER_TENANT_WEIGHTS of " + tenant, weight, 1, MOST_WEIGHT));
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(what, value, least, most));
    }
  }

  int weight(String tenant) {
    return tenantWeights.getOrDefault(tenant, 1);
  }
}
