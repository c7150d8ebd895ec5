package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Tenants' budgets, and how they change: stored first, then told to the cell that keeps them. Every
 * method fails with {@link TaskQueries.Denied} on a replica that does not hold the cell.
 */
public final class TenantBudgets {
  private static final Logger LOG = Logger.getLogger(TenantBudgets.class);

  private final CellInbox inbox;
  private final TenantTerms<TenantBudget, TenantSpending> terms;

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public TenantBudgets(CellInbox inbox, BudgetBook book, Executor blocking) {
    this.inbox = inbox;
    this.terms = new TenantTerms<>(inbox, book, new InCell(), blocking, "budgets");
  }

  /** Of every tenant that has one, or of one; in no order. */
  public CompletionStage<List<TenantSpending>> spending(Optional<String> tenant) {
    return TaskQueries.look(inbox, view -> view.budgets(tenant));
  }

  /**
   * Done when the budget is durable and the cell keeps it. Fails also as {@link BudgetBook#put}.
   */
  public CompletionStage<TenantSpending> set(TenantBudget budget, String author) {
    return terms.set(budget.tenant(), budget, author);
  }

  /** Whether there was one. Fails also as {@link BudgetBook#remove}. */
  public CompletionStage<Boolean> remove(String tenant) {
    return terms.remove(tenant);
  }

  private record InCell() implements TenantTerms.Keeping<TenantBudget, TenantSpending> {

    @Override
    public TenantSpending keep(Cell cell, TenantBudget budget) {
      cell.tenants().setBudget(budget);
      LOG.infof(
          "tenant's budget set tenant=%s budget=%s currency=%s tokens=%d",
          budget.tenant(),
          budget.daily().amount(),
          budget.daily().currency(),
          budget.dailyTokens());
      return cell.view().budgets(Optional.of(budget.tenant())).getFirst();
    }

    @Override
    public boolean drop(Cell cell, String tenant) {
      boolean was = cell.tenants().removeBudget(tenant);
      if (was) {
        LOG.infof("tenant's budget removed tenant=%s", tenant);
      }
      return was;
    }
  }
}
