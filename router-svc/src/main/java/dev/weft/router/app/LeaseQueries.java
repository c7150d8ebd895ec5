package dev.weft.router.app;

import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.WorkerId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who holds what, from the placer's memory; a spec that memory has let go is read. */
public final class LeaseQueries {

  /** A lease that is held, and the spec that says what it entitles to. */
  public record HeldLease(String tenant, Document spec) {}

  private final CellInbox inbox;
  private final CellReader reader;

  public LeaseQueries(CellInbox inbox, CellReader reader) {
    this.inbox = inbox;
    this.reader = reader;
  }

  /** Fails with {@link TaskQueries.Denied} on a replica that does not hold the cell. */
  public CompletionStage<Optional<HeldLease>> held(WorkerId worker, AttemptKey key) {
    return TaskQueries.look(inbox, view -> view.held(worker, key))
        .thenCompose(
            held ->
                held.isEmpty() || held.get().spec().isPresent()
                    ? CompletableFuture.completedStage(
                        held.map(it -> new HeldLease(it.tenant(), it.spec().orElseThrow().spec())))
                    : read(held.get().tenant(), key));
  }

  /**
   * The tenant in whose name a worker may write an attempt's log, also one that ended lately. Fails
   * with {@link TaskQueries.Denied} on a replica that does not hold the cell.
   */
  public CompletionStage<Optional<String>> logTenant(WorkerId worker, AttemptKey key) {
    return TaskQueries.look(inbox, view -> view.logTenant(worker, key));
  }

  private CompletionStage<Optional<HeldLease>> read(String tenant, AttemptKey key) {
    return reader
        .specs(Set.of(key.task()))
        .thenApply(specs -> specs.stream().findFirst())
        .thenApply(found -> found.map(stored -> new HeldLease(tenant, stored.spec())));
  }
}
