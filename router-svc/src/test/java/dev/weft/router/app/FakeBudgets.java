package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The budgets of a {@link FakeCell}, and what was spent of them. */
public final class FakeBudgets extends FakeTenantBook<TenantBudget> implements BudgetBook {

  public FakeBudgets(FakeCell cell) {
    super(cell, cell.budgets, TenantBudget::tenant);
  }

  @Override
  public DaySpent spent(UncountedDay day) {
    synchronized (cell) {
      Charge sum = Charge.NONE;
      long tokens = 0;
      for (FakeCell.Row row : cell.tasks.values()) {
        if (row.origin.tenant().equals(day.tenant())) {
          for (Ended ended : ended(row)) {
            if (ended.end.isAfter(day.begin()) && !ended.end.isAfter(day.until())) {
              TokenUse today = today(day, row.id, ended.lease.number());
              sum = sum.plus(part(day, ended.lease, ended.start, ended.end));
              sum = sum.plus(cell.modelPrices.charge(today, ended.start, day.currency()));
              tokens += today.total();
            }
          }
        }
      }
      return new DaySpent(sum, tokens);
    }
  }

  private record Ended(LeaseRef lease, Instant start, Instant end) {}

  private List<Ended> ended(FakeCell.Row row) {
    List<Ended> ended = new ArrayList<>();
    LeaseRef last = row.progress.attempt();
    if (last != null && row.progress.state() == TaskState.SUCCEEDED) {
      ended.add(new Ended(last, Objects.requireNonNull(row.attemptStart), row.updated));
    }
    for (CellReader.StoredAttempt one : cell.attempts(row.id)) {
      ended.add(new Ended(one.attempt().lease(), one.attempt().startTime(), one.endTime()));
    }
    return ended;
  }

  private TokenUse today(UncountedDay day, TaskId task, int attempt) {
    SortedMap<String, TokenCount> models = new TreeMap<>();
    for (UsedTokens row : cell.tokenRows(task)) {
      if (row.attempt() == attempt
          && row.day() == LocalDate.ofInstant(day.begin(), ZoneOffset.UTC).toEpochDay()) {
        models.put(row.model(), row.today());
      }
    }
    return new TokenUse(models);
  }

  private Charge part(UncountedDay day, LeaseRef lease, Instant start, Instant end) {
    Instant from = start.isAfter(day.begin()) ? start : day.begin();
    return cell.costs
        .price(lease.worker(), start)
        .filter(price -> price.currency().equals(day.currency()))
        .map(price -> Charge.of(price.microsPerHour(), Duration.between(from, end)))
        .orElse(Charge.NONE);
  }
}
