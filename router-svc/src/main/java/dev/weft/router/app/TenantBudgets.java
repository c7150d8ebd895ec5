package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' budgets, and how they change: stored first, under the epoch of the cell that keeps them,
 * then told to it. Every method fails with {@link TaskQueries.Denied} on a replica that does not
 * hold the cell.
 */
public final class TenantBudgets {
  private static final Logger LOG = Logger.getLogger(TenantBudgets.class);

  private final CellInbox inbox;
  private final BudgetBook book;
  private final BookCalls calls;

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public TenantBudgets(CellInbox inbox, BudgetBook book, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.calls = new BookCalls(blocking, "budgets");
  }

  /** Of every tenant that has one, or of one; in no order. */
  public CompletionStage<List<TenantSpending>> spending(Optional<String> tenant) {
    return TaskQueries.look(inbox, view -> view.budgets(tenant));
  }

  /**
   * Done when the budget is durable and the cell keeps it. Fails also as {@link BudgetBook#put}.
   */
  public CompletionStage<TenantSpending> set(TenantBudget budget, String author) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(
            epoch ->
                calls.ask(
                    () -> {
                      book.put(epoch, budget, author);
                      return true;
                    }))
        .thenCompose(_ -> tell(cell -> keep(cell, budget)))
        .whenComplete((_, failure) -> catchUpAfter(failure, budget.tenant()));
  }

  /** Whether there was one. Fails also as {@link BudgetBook#remove}. */
  public CompletionStage<Boolean> remove(String tenant) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> calls.ask(() -> book.remove(epoch, tenant)))
        .thenCompose(was -> tell(cell -> drop(cell, tenant)).thenApply(_ -> was))
        .whenComplete((_, failure) -> catchUpAfter(failure, tenant));
  }

  private static TenantSpending keep(Cell cell, TenantBudget budget) {
    cell.setBudget(budget);
    LOG.infof(
        "tenant's budget set tenant=%s budget=%s currency=%s",
        budget.tenant(), budget.daily().amount(), budget.daily().currency());
    return cell.view().budgets(Optional.of(budget.tenant())).getFirst();
  }

  private static boolean drop(Cell cell, String tenant) {
    boolean was = cell.removeBudget(tenant);
    if (was) {
      LOG.infof("tenant's budget removed tenant=%s", tenant);
    }
    return was;
  }

  private void catchUpAfter(@Nullable Throwable failure, String tenant) {
    if (failure != null) {
      catchUp(tenant);
    }
  }

  /** What failed may have been stored all the same: the cell keeps what the book says. */
  private void catchUp(String tenant) {
    TaskQueries.look(inbox, _ -> true)
        .thenCompose(_ -> calls.ask(() -> adopt(tenant)))
        .whenComplete((_, failure) -> calls.againIfAway(failure, tenant, () -> catchUp(tenant)));
  }

  /** Where the book is asked, so that what is stored next is also told next. */
  private boolean adopt(String tenant) {
    Optional<TenantBudget> stored = book.of(tenant);
    inbox.tellNow(
        cell -> stored.ifPresentOrElse(budget -> keep(cell, budget), () -> drop(cell, tenant)),
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> {});
    return stored.isPresent();
  }

  private <T> CompletionStage<T> tell(Function<Cell, T> change) {
    CompletableFuture<T> told = new CompletableFuture<>();
    inbox.tellNow(
        cell -> told.complete(change.apply(cell)),
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> told.completeExceptionally(new TaskQueries.Denied(denial)));
    return told;
  }
}
