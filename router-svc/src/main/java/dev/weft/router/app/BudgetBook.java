package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import java.util.Optional;

/**
 * The stored budgets of tenants, which a takeover reads, and what tells how much of one is spent.
 * Every method blocks and throws {@link JournalException.Unavailable} without a connection, or when
 * it broke in between; each may be repeated.
 */
public interface BudgetBook {

  /**
   * In place of the tenant's last.
   *
   * @param author tenant and principal
   * @throws JournalException.EpochLost another replica holds the cell
   */
  void put(long epoch, TenantBudget budget, String author);

  /**
   * Whether there was one.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   */
  boolean remove(long epoch, String tenant);

  /** What is stored; empty without a budget. */
  Optional<TenantBudget> of(String tenant);

  /** What those attempts cost of the day, at the prices of their leases. May take long. */
  Charge spent(UncountedDay day);
}
