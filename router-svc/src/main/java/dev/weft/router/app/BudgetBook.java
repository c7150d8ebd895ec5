package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;

/** The stored budgets of tenants, and what tells how much of one is spent. */
public interface BudgetBook extends TenantBook<TenantBudget> {

  /**
   * What those attempts cost of the day, at the prices of their leases. Blocks, perhaps for long.
   *
   * @throws JournalException.Unavailable without a connection, or when it broke in between
   */
  Charge spent(UncountedDay day);
}
