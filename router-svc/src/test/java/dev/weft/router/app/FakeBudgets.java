package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.TaskState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The budgets of a {@link FakeCell}, and what was spent of them. */
public final class FakeBudgets implements BudgetBook {

  private final FakeCell cell;

  private boolean replyIsLost;

  public FakeBudgets(FakeCell cell) {
    this.cell = cell;
  }

  /** The next change is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  private void reply() {
    if (replyIsLost) {
      replyIsLost = false;
      throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
    }
  }

  @Override
  public void put(long epoch, TenantBudget budget, String author) {
    synchronized (cell) {
      cell.check(epoch);
      cell.budgets.put(budget.tenant(), budget);
      reply();
    }
  }

  @Override
  public boolean remove(long epoch, String tenant) {
    synchronized (cell) {
      cell.check(epoch);
      boolean was = cell.budgets.remove(tenant) != null;
      reply();
      return was;
    }
  }

  @Override
  public Optional<TenantBudget> of(String tenant) {
    synchronized (cell) {
      return Optional.ofNullable(cell.budgets.get(tenant));
    }
  }

  @Override
  public Charge spent(UncountedDay day) {
    synchronized (cell) {
      Charge sum = Charge.NONE;
      for (FakeCell.Row row : cell.tasks.values()) {
        if (row.origin.tenant().equals(day.tenant())) {
          sum = sum.plus(of(day, row));
        }
      }
      return sum;
    }
  }

  private Charge of(UncountedDay day, FakeCell.Row row) {
    Charge sum = Charge.NONE;
    LeaseRef last = row.progress.attempt();
    if (last != null && row.progress.state() == TaskState.SUCCEEDED) {
      sum = sum.plus(part(day, last, Objects.requireNonNull(row.attemptStart), row.updated));
    }
    for (CellReader.StoredAttempt ended : cell.attempts(row.id)) {
      sum =
          sum.plus(
              part(day, ended.attempt().lease(), ended.attempt().startTime(), ended.endTime()));
    }
    return sum;
  }

  private Charge part(UncountedDay day, LeaseRef lease, Instant start, Instant end) {
    if (!end.isAfter(day.begin()) || end.isAfter(day.until())) {
      return Charge.NONE;
    }
    Instant from = start.isAfter(day.begin()) ? start : day.begin();
    return cell.costs
        .price(lease.worker(), start)
        .filter(price -> price.currency().equals(day.currency()))
        .map(price -> Charge.of(price.microsPerHour(), Duration.between(from, end)))
        .orElse(Charge.NONE);
  }
}
