package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The budgets of a {@link FakeCell}, and what was spent of them. */
public final class FakeBudgets extends FakeTenantBook<TenantBudget> implements BudgetBook {

  public FakeBudgets(FakeCell cell) {
    super(cell, cell.budgets, TenantBudget::tenant);
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
