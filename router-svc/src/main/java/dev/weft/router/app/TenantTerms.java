package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What operators set for single tenants, and how it changes: stored first, under the epoch of the
 * cell that keeps it, then told to it. Every method fails with {@link TaskQueries.Denied} on a
 * replica that does not hold the cell.
 *
 * @param <T> what is set
 * @param <V> how it stands in the cell
 */
final class TenantTerms<T, V> {

  private final CellInbox inbox;
  private final TenantBook<T> book;
  private final Keeping<T, V> cells;
  private final BookCalls calls;

  /** How a cell keeps them; on its thread. */
  interface Keeping<T, V> {

    V keep(Cell cell, T terms);

    /** Whether there were any. */
    boolean drop(Cell cell, String tenant);
  }

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   * @param subject what they are about, for whoever is refused
   */
  TenantTerms(
      CellInbox inbox, TenantBook<T> book, Keeping<T, V> cells, Executor blocking, String subject) {
    this.inbox = inbox;
    this.book = book;
    this.cells = cells;
    this.calls = new BookCalls(blocking, subject);
  }

  /** Done when they are durable and the cell keeps them. Fails also as {@link TenantBook#put}. */
  CompletionStage<V> set(String tenant, T terms, String author) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(
            epoch ->
                calls.ask(
                    () -> {
                      book.put(epoch, terms, author);
                      return true;
                    }))
        .thenCompose(_ -> TaskQueries.tell(inbox, cell -> cells.keep(cell, terms)))
        .whenComplete((_, failure) -> catchUpAfter(failure, tenant));
  }

  /** Whether there were any. Fails also as {@link TenantBook#remove}. */
  CompletionStage<Boolean> remove(String tenant) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> calls.ask(() -> book.remove(epoch, tenant)))
        .thenCompose(
            was -> TaskQueries.tell(inbox, cell -> cells.drop(cell, tenant)).thenApply(_ -> was))
        .whenComplete((_, failure) -> catchUpAfter(failure, tenant));
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
    Optional<T> stored = book.of(tenant);
    inbox.tellNow(
        cell ->
            stored.ifPresentOrElse(
                terms -> cells.keep(cell, terms), () -> cells.drop(cell, tenant)),
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> {});
    return stored.isPresent();
  }
}
