package dev.weft.router.app;

import dev.weft.router.app.CostModel.Ran;
import dev.weft.router.app.CostPage.Line;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The prices and costs of a {@link FakeCell}. */
public final class FakeCosts implements CostReader, PriceStore {

  private static final Set<TaskState> IN_ITS_ROW =
      Set.of(TaskState.LEASED, TaskState.RUNNING, TaskState.CANCELLING, TaskState.SUCCEEDED);

  private final FakeCell cell;
  private final CostModel model;
  private @Nullable RuntimeException failure;

  public FakeCosts(FakeCell cell) {
    this.cell = cell;
    this.model = cell.costs;
  }

  /** Every sum fails so from now on. */
  public void fail(RuntimeException cause) {
    failure = cause;
  }

  @Override
  public void keep(long epoch, List<SeenPrice> prices) {
    synchronized (cell) {
      cell.check(epoch);
      prices.forEach(price -> model.price(price, cell.clock.instant()));
    }
  }

  @Override
  public CompletionStage<CostPage> costs(CostQuery query) {
    RuntimeException known = failure;
    if (known != null) {
      return CompletableFuture.failedStage(known);
    }
    synchronized (cell) {
      Instant now = cell.clock.instant();
      model.models(cell.modelPrices);
      List<Line> all =
          model
              .lines(
                  attempts(query, now),
                  query.by(),
                  query.since(),
                  query.until().orElse(Instant.MAX))
              .stream()
              .toList();
      int from = query.after().map(place -> after(all, place)).orElse(0);
      int to = Math.min(all.size(), from + query.size());
      Optional<CostPage.Place> next =
          to == all.size() ? Optional.empty() : Optional.of(all.get(to - 1).place());
      return CompletableFuture.completedStage(new CostPage(all.subList(from, to), next));
    }
  }

  private static int after(List<Line> all, CostPage.Place place) {
    int index = 0;
    while (index < all.size() && !all.get(index).place().equals(place)) {
      index++;
    }
    return Math.min(all.size(), index + 1);
  }

  private List<Ran> attempts(CostQuery query, Instant now) {
    List<Ran> attempts = new ArrayList<>();
    for (FakeCell.Row row : cell.tasks.values()) {
      boolean asked =
          query.tenant().map(row.origin.tenant()::equals).orElse(true)
              && query.task().map(row.id::equals).orElse(true);
      if (asked) {
        add(attempts, row, now);
      }
    }
    return attempts;
  }

  private void add(List<Ran> attempts, FakeCell.Row row, Instant now) {
    LeaseRef last = row.progress.attempt();
    TaskState state = row.progress.state();
    if (last != null && IN_ITS_ROW.contains(state)) {
      Instant end = state == TaskState.SUCCEEDED ? row.updated : now;
      attempts.add(ran(row, last, Objects.requireNonNull(row.attemptStart), end));
    }
    cell.attempts
        .getOrDefault(row.id, List.of())
        .forEach(
            ended ->
                attempts.add(
                    ran(
                        row,
                        ended.attempt().lease(),
                        ended.attempt().startTime(),
                        ended.endTime())));
  }

  private Ran ran(FakeCell.Row row, LeaseRef lease, Instant started, Instant ended) {
    return new Ran(
        row.id,
        row.origin.tenant(),
        row.origin.priority(),
        lease.worker(),
        started,
        ended,
        cell.tokens(row.id, lease.number()));
  }
}
