package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A journal over {@link FakeCell} that can be told to fail. */
public final class FakeCellJournal implements CellJournal {

  /** How the next calls go. */
  public enum Mode {
    WELL,
    /** The database is away: nothing is written. */
    AWAY,
    /** Written, but the reply is lost; then well again. */
    REPLY_LOST
  }

  private static final Set<AttemptState> FAILED_ON = Set.of(AttemptState.FAILED, AttemptState.LOST);

  private final FakeCell cell;
  private volatile Mode mode = Mode.WELL;

  public FakeCellJournal(FakeCell cell) {
    this.cell = cell;
  }

  public void mode(Mode next) {
    mode = next;
  }

  @Override
  public CommitReceipt commit(long epoch, GroupCommit batch) {
    synchronized (cell) {
      if (mode == Mode.AWAY) {
        throw new JournalException.Unavailable("away", new IllegalStateException("test"));
      }
      cell.check(epoch);
      if (cell.head.commit() != batch.number()) {
        cell.write(batch);
      }
      if (mode == Mode.REPLY_LOST) {
        mode = Mode.WELL;
        throw new JournalException.Unavailable("reply lost", new IllegalStateException("test"));
      }
      Instant time = cell.commitTimes.get(batch.number());
      return new CommitReceipt(batch.number(), time, specs(cell, batch.specsWanted()));
    }
  }

  static List<StoredSpec> specs(FakeCell cell, Collection<TaskId> ids) {
    List<StoredSpec> specs = new ArrayList<>();
    for (TaskId id : ids) {
      FakeCell.Row row = cell.tasks.get(id);
      if (row != null) {
        specs.add(new StoredSpec(id, row.spec.spec(), row.spec.traceparent(), row.spec.user()));
      }
    }
    return specs;
  }

  @Override
  public void loadOpen(long epoch, OpenRows sink) {
    synchronized (cell) {
      if (mode == Mode.AWAY) {
        throw new JournalException.Unavailable("away", new IllegalStateException("test"));
      }
      cell.check(epoch);
      sink.head(cell.head, cell.clock.instant());
      cell.shapes.values().forEach(sink::shape);
      cell.drains.values().forEach(sink::drain);
      sink.modelPrices(cell.modelPrices);
      cell.budgets.values().forEach(sink::budget);
      cell.tiers.values().forEach(sink::tier);
      for (FakeCell.Row row : cell.tasks.values()) {
        if (!row.progress.state().terminal() && inOpenBucket(row.id)) {
          TaskRow hot = new TaskRow(row.id, row.origin, row.progress);
          sink.task(
              new OpenTask(
                  hot, row.lastCommit, row.progress.attempt() == null ? null : row.attemptStart));
          if (cell.tiers.containsKey(row.origin.tenant()) && !row.spec.user().isEmpty()) {
            sink.owner(row.id, row.spec.user());
          }
          if (row.progress.failures() > 0 || row.progress.losses() > 0) {
            cell.attempts.getOrDefault(row.id, List.of()).stream()
                .map(CellReader.StoredAttempt::attempt)
                .filter(attempt -> FAILED_ON.contains(attempt.state()))
                .forEach(attempt -> sink.failedOn(row.id, attempt.lease().worker()));
          }
          if (hasBudget(row)) {
            spent(row, sink);
          }
          if (row.progress.attempt() != null
              && (hasBudget(row) || cell.budgets.containsKey(row.origin.tenant()))) {
            cell.tokenRows(row.id).forEach(sink::tokens);
          }
        }
      }
    }
  }

  private boolean hasBudget(FakeCell.Row row) {
    ShapeRow shape = cell.shapes.get(row.origin.shape());
    return shape != null
        && row.progress.attempt() != null
        && RequirementsCodec.hasBudget(shape.definition());
  }

  private void spent(FakeCell.Row row, OpenRows sink) {
    Charge sum = Charge.NONE;
    for (CellReader.StoredAttempt stored : cell.attempts.getOrDefault(row.id, List.of())) {
      EndedAttempt attempt = stored.attempt();
      long price =
          cell.costs
              .price(attempt.lease().worker(), attempt.startTime())
              .map(SeenPrice::microsPerHour)
              .orElse(0L);
      sum = sum.plus(Charge.of(price, Duration.between(attempt.startTime(), stored.endTime())));
    }
    sink.spent(row.id, sum);
    spentOnTokens(row, sink);
    LeaseRef lease = row.progress.attempt();
    Instant start = row.attemptStart;
    if (lease != null && start != null && row.progress.state() != TaskState.QUEUED) {
      cell.costs
          .price(lease.worker(), start)
          .filter(price -> !price.currency().isEmpty())
          .ifPresent(price -> sink.price(row.id, price.microsPerHour()));
    }
  }

  private void spentOnTokens(FakeCell.Row row, OpenRows sink) {
    Map<String, Charge> sums = new HashMap<>();
    for (CellReader.StoredAttempt stored : cell.attempts.getOrDefault(row.id, List.of())) {
      EndedAttempt attempt = stored.attempt();
      cell.tokens(row.id, attempt.lease().number())
          .models()
          .forEach(
              (model, count) ->
                  cell.modelPrices
                      .at(model, attempt.startTime())
                      .ifPresent(
                          price ->
                              sums.merge(price.currency(), price.charge(count), Charge::plus)));
    }
    sums.forEach((currency, charge) -> sink.spentOnTokens(row.id, currency, charge));
  }

  /**
   * Only there a takeover looks, so only there an open task is found again; everywhere as long as
   * no buckets are stored.
   */
  private boolean inOpenBucket(TaskId id) {
    OpenBuckets open = cell.buckets;
    return open == null || id.bucket() >= open.readFrom() || open.minutes().contains(id.bucket());
  }
}
