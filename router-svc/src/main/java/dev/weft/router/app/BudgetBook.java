package dev.weft.router.app;

import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;

/** The stored budgets of tenants, and what tells how much of one is spent. */
public interface BudgetBook extends TenantBook<TenantBudget> {

  /**
   * What those attempts cost of the day, at the prices of their leases, and what tokens they told
   * of on it. Blocks, perhaps for long.
   *
   * @throws JournalException.Unavailable without a connection, or when it broke in between
   */
  DaySpent spent(UncountedDay day);
}
