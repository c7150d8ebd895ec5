package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.limit.TenantTier;

/**
 * What single tenants of a {@link Cell} may have, and what they pay for models. For its owner, as
 * all of it.
 */
public final class CellTenants {

  private final CellCore core;
  private final BudgetLimits limits;
  private final Ejector ejector;

  CellTenants(CellCore core, BudgetLimits limits, Ejector ejector) {
    this.core = core;
    this.limits = limits;
    this.ejector = ejector;
  }

  /** From now on this bounds what the tenant's work may cost, or use of models. */
  public void setBudget(TenantBudget budget) {
    core.accounts.set(budget, core, core.gathering());
    core.fleet.changed();
  }

  /** Whether there was one. */
  public boolean removeBudget(String tenant) {
    boolean was = core.accounts.remove(tenant);
    core.fleet.changed();
    return was;
  }

  /** What stored attempts of the day cost; an answer to what {@link CellView#uncounted} asks. */
  public void count(UncountedDay day, DaySpent spent) {
    core.accounts.count(day, spent);
    // What runs gets its share before anything that waits.
    limits.enforce();
  }

  /** From now on counts by these if they are newer than those in force; answers whether. */
  public boolean setModelPrices(ModelPrices prices) {
    boolean newer = prices.version() > core.modelPrices.version();
    core.modelPrices = newer ? prices : core.modelPrices;
    return newer;
  }

  /** From now on this bounds what the tenant's work may hold at once. */
  public void setTier(TenantTier tier) {
    core.levels.set(tier, core.fleet);
    core.userLevels.limitChanged(tier.tenant());
  }

  /** Whether something bounded it. */
  public boolean removeTier(String tenant) {
    boolean was = core.levels.remove(tenant);
    core.userLevels.limitChanged(tenant);
    return was;
  }

  /**
   * Forgets all that is known of a tenant whose rows were erased, and has those erased that were
   * just being stored.
   *
   * @return whether it did: not while a task of it is open
   */
  public boolean forget(String tenant) {
    if (core.shapes.of(tenant).stream().anyMatch(shape -> shape.open > 0)) {
      return false;
    }
    removeBudget(tenant);
    removeTier(tenant);
    core.users.forget(tenant);
    core.keys.forget(tenant);
    core.ended.forget(tenant);
    core.ready.forget(tenant);
    for (Shape shape : core.shapes.forget(tenant)) {
      core.draft.droppedShape(shape.id);
      ejector.dropped(shape);
    }
    ejector.forget(tenant);
    return true;
  }
}
