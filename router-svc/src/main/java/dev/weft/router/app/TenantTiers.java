package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' tiers, and how they change: stored first, under the epoch of the cell that keeps them,
 * then told to it. Every method fails with {@link TaskQueries.Denied} on a replica that does not
 * hold the cell.
 */
public final class TenantTiers {
  private static final Logger LOG = Logger.getLogger(TenantTiers.class);

  private static final long LOOK_AGAIN_SECONDS = 1;

  private final CellInbox inbox;
  private final TierBook book;
  private final Executor blocking;

  /** Tenants of which the book is to be asked again. */
  private final Set<String> planned = ConcurrentHashMap.newKeySet();

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public TenantTiers(CellInbox inbox, TierBook book, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.blocking = blocking;
  }

  /** Of every tenant that has a tier, or of one; in no order. */
  public CompletionStage<List<TenantLevels>> levels(Optional<String> tenant) {
    return TaskQueries.look(inbox, view -> view.levels(tenant));
  }

  /** Done when the tier is durable and the cell keeps it. Fails also as {@link TierBook#put}. */
  public CompletionStage<TenantLevels> set(TenantTier tier, String author) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(
            epoch ->
                ask(
                    () -> {
                      book.put(epoch, tier, author);
                      return true;
                    }))
        .thenCompose(_ -> tell(cell -> keep(cell, tier)))
        .whenComplete((_, failure) -> catchUpAfter(failure, tier.tenant()));
  }

  /** Whether there was one. Fails also as {@link TierBook#remove}. */
  public CompletionStage<Boolean> remove(String tenant) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> ask(() -> book.remove(epoch, tenant)))
        .thenCompose(was -> tell(cell -> drop(cell, tenant)).thenApply(_ -> was))
        .whenComplete((_, failure) -> catchUpAfter(failure, tenant));
  }

  private static TenantLevels keep(Cell cell, TenantTier tier) {
    cell.setTier(tier);
    LOG.infof(
        "tenant's tier set tenant=%s tier=%s instances=%d",
        tier.tenant(), tier.tier(), tier.instances());
    return cell.view().levels(Optional.of(tier.tenant())).getFirst();
  }

  private static boolean drop(Cell cell, String tenant) {
    boolean was = cell.removeTier(tenant);
    if (was) {
      LOG.infof("tenant's tier removed tenant=%s", tenant);
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
    planned.remove(tenant);
    TaskQueries.look(inbox, _ -> true)
        .thenCompose(_ -> ask(() -> adopt(tenant)))
        .whenComplete(
            (_, failure) -> {
              if (isAway(failure) && planned.add(tenant)) {
                CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)
                    .execute(() -> catchUp(tenant));
              }
            });
  }

  /** Where the book is asked, so that what is stored next is also told next. */
  private boolean adopt(String tenant) {
    Optional<TenantTier> stored = book.of(tenant);
    inbox.tellNow(
        cell -> stored.ifPresentOrElse(tier -> keep(cell, tier), () -> drop(cell, tenant)),
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> {});
    return stored.isPresent();
  }

  private static boolean isAway(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof JournalException.Unavailable;
  }

  private <T> CompletionStage<T> tell(Function<Cell, T> change) {
    CompletableFuture<T> told = new CompletableFuture<>();
    inbox.tellNow(
        cell -> told.complete(change.apply(cell)),
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> told.completeExceptionally(new TaskQueries.Denied(denial)));
    return told;
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new JournalException.Unavailable("too many calls about tiers wait", e));
    }
  }
}
