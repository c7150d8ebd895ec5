package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tenants' budgets, and how they change: stored first, under the epoch of the cell that keeps them,
 * then told to it. Every method fails with {@link TaskQueries.Denied} on a replica that does not
 * hold the cell.
 */
public final class TenantBudgets {
  private static final Logger LOG = Logger.getLogger(TenantBudgets.class);

  private final CellInbox inbox;
  private final BudgetBook book;
  private final Executor blocking;

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public TenantBudgets(CellInbox inbox, BudgetBook book, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.blocking = blocking;
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
                ask(
                    () -> {
                      book.put(epoch, budget, author);
                      return true;
                    }))
        .thenCompose(
            _ ->
                tell(
                    cell -> {
                      cell.setBudget(budget);
                      LOG.infof(
                          "tenant's budget set tenant=%s budget=%s currency=%s",
                          budget.tenant(), budget.daily().amount(), budget.daily().currency());
                    }))
        .thenCompose(_ -> spending(Optional.of(budget.tenant())))
        .thenApply(List::getFirst);
  }

  /** Whether there was one. Fails also as {@link BudgetBook#remove}. */
  public CompletionStage<Boolean> remove(String tenant) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> ask(() -> book.remove(epoch, tenant)))
        .thenCompose(was -> tell(cell -> cell.removeBudget(tenant)).thenApply(_ -> was));
  }

  private CompletionStage<Boolean> tell(Consumer<Cell> change) {
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    inbox.tellNow(
        cell -> {
          change.accept(cell);
          told.complete(true);
        },
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> told.completeExceptionally(new TaskQueries.Denied(denial)));
    return told;
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new JournalException.Unavailable("too many calls about budgets wait", e));
    }
  }
}
