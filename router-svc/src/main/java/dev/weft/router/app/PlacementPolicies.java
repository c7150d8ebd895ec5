package dev.weft.router.app;

import dev.weft.router.domain.placement.PlacementPolicy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The policy in force, and how it changes. A version is written under the epoch of the cell that
 * will choose by it: a cell that is loaded later, here or elsewhere, reads it then.
 */
public final class PlacementPolicies {
  private static final Logger LOG = Logger.getLogger(PlacementPolicies.class);
  private static final long LOOK_AGAIN_SECONDS = 1;

  private final CellInbox inbox;
  private final PolicyBook book;
  private final PlacementPolicy configured;
  private final Executor blocking;
  private final AtomicBoolean planned = new AtomicBoolean();

  /**
   * @param configured holds while no version is stored
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public PlacementPolicies(
      CellInbox inbox, PolicyBook book, PlacementPolicy configured, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.configured = configured;
    this.blocking = blocking;
  }

  public CompletionStage<PolicyVersion> inForce() {
    return ask(() -> book.newest().orElse(PolicyVersion.unset(configured)));
  }

  public CompletionStage<Optional<PolicyVersion>> version(int version) {
    return ask(() -> book.version(version));
  }

  /** Newest first. */
  public CompletionStage<List<PolicyVersion>> below(int version, int most) {
    return ask(() -> book.below(version, most));
  }

  /**
   * Done when the policy is durable and the cell chooses by it. Fails with {@link
   * TaskQueries.Denied} on a replica that does not hold the cell, and as {@link PolicyBook#append}.
   */
  public CompletionStage<PolicyVersion> change(PlacementPolicy policy, PolicyNote note) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> ask(() -> book.append(epoch, policy, note)))
        .thenCompose(this::adopt)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                catchUp();
              }
            });
  }

  /** What failed may have been stored all the same: the cell chooses by what the book says. */
  private void catchUp() {
    planned.set(false);
    TaskQueries.look(inbox, _ -> true)
        .thenCompose(_ -> ask(book::newest))
        .whenComplete(
            (newest, failure) -> {
              if (newest != null) {
                newest.ifPresent(this::adopt);
              } else if (isAway(failure) && planned.compareAndSet(false, true)) {
                CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)
                    .execute(this::catchUp);
              }
            });
  }

  private static boolean isAway(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof JournalException.Unavailable;
  }

  private CompletionStage<PolicyVersion> adopt(PolicyVersion stored) {
    CompletableFuture<PolicyVersion> adopted = new CompletableFuture<>();
    inbox.tellNow(
        cell -> {
          if (cell.adopt(stored.policy())) {
            LOG.infof("placement policy in force policy=%s", stored.policy().name());
          }
          adopted.complete(stored);
        },
        // A cell that was lost meanwhile is loaded anew, with what is stored.
        denial -> adopted.complete(stored));
    return adopted;
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new JournalException.Unavailable("too many calls about policies wait", e));
    }
  }
}
