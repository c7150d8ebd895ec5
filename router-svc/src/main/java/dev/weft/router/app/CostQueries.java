package dev.weft.router.app;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What work cost, for whoever may know it. */
public final class CostQueries {

  private final CellReader tasks;
  private final CostReader costs;

  public CostQueries(CellReader tasks, CostReader costs) {
    this.tasks = tasks;
    this.costs = costs;
  }

  /** Empty when the query names a task that is unknown or another tenant's. */
  public CompletionStage<Optional<CostPage>> costs(CostQuery query) {
    if (query.task().isEmpty()) {
      return costs.costs(query).thenApply(Optional::of);
    }
    return tasks
        .task(query.tenant().orElseThrow(), query.task().get())
        .thenCompose(
            known ->
                known.isEmpty()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : costs.costs(query).thenApply(Optional::of));
  }
}
