package dev.weft.router.app;

import dev.weft.router.domain.placement.PlacementPolicy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * The policy in force, and how it changes. A version is written under the epoch of the cell that
 * will choose by it: a cell that is loaded later, here or elsewhere, reads it then.
 */
public final class PlacementPolicies {
  private static final Logger LOG = Logger.getLogger(PlacementPolicies.class);
  private static final String NEWEST = "newest";

  private final CellInbox inbox;
  private final PolicyBook book;
  private final PlacementPolicy configured;
  private final BookCalls calls;

  /**
   * @param configured holds while no version is stored
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public PlacementPolicies(
      CellInbox inbox, PolicyBook book, PlacementPolicy configured, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.configured = configured;
    this.calls = new BookCalls(blocking, "policies");
  }

  public CompletionStage<PolicyVersion> inForce() {
    return calls.ask(() -> book.newest().orElse(PolicyVersion.unset(configured)));
  }

  public CompletionStage<Optional<PolicyVersion>> version(int version) {
    return calls.ask(() -> book.version(version));
  }

  /** Newest first. */
  public CompletionStage<List<PolicyVersion>> below(int version, int most) {
    return calls.ask(() -> book.below(version, most));
  }

  /**
   * Done when the policy is durable and the cell chooses by it. Fails with {@link
   * TaskQueries.Denied} on a replica that does not hold the cell, and as {@link PolicyBook#append}.
   */
  public CompletionStage<PolicyVersion> change(PlacementPolicy policy, PolicyNote note) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> calls.ask(() -> book.append(epoch, policy, note)))
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
    TaskQueries.look(inbox, _ -> true)
        .thenCompose(_ -> calls.ask(book::newest))
        .whenComplete(
            (newest, failure) -> {
              if (newest != null) {
                newest.ifPresent(this::adopt);
              }
              calls.againIfAway(failure, NEWEST, this::catchUp);
            });
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
}
