package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows of each open attempt of a task with a budget when it must end. What has no budget is not
 * looked at.
 */
final class Budgets {

  private final CellClock clock;
  private final NavigableSet<Spending> open = new TreeSet<>(Spending.EARLIEST);

  Budgets(CellClock clock) {
    this.clock = clock;
  }

  /** What the next attempt of this task may spend on that worker; null without a budget. */
  static @Nullable Meter meter(TaskEntry entry, Worker worker) {
    Budget budget = entry.stream.shape.need.destination().budget();
    if (!budget.isSet()) {
      return null;
    }
    WorkerView view = Objects.requireNonNull(worker.slot.view(), "an eligible worker has a view");
    return new Meter(budget, spent(entry), view.site().microsPerHour());
  }

  /** Of an attempt that is about to be its task's; null without a budget. */
  static @Nullable Spending spending(Attempt next) {
    Meter meter = meter(next.task, next.worker);
    return meter == null ? null : new Spending(next, meter, true);
  }

  /** What the ended attempts of a task with a budget cost. */
  private static Charge spent(TaskEntry entry) {
    Attempt last = entry.attempt();
    return last == null || last.spending == null ? Charge.NONE : last.spending.spent();
  }

  void opened(Attempt attempt) {
    if (attempt.spending != null) {
      open.add(attempt.spending);
    }
  }

  /** Its lease is stored. */
  void begun(Attempt attempt) {
    Spending spending = attempt.spending;
    if (spending != null && attempt.start != null) {
      open.remove(spending);
      spending.begin(attempt.start);
      open.add(spending);
    }
  }

  /** What it has used of models is told. */
  void metered(Attempt attempt, ModelPrices prices) {
    Spending spending = attempt.spending;
    Instant start = attempt.start;
    if (spending != null && start != null && open.remove(spending)) {
      String currency = spending.budget().currency();
      spending.models(prices.charge(attempt.tokens.total(), start, currency));
      open.add(spending);
    }
  }

  void closed(Attempt attempt) {
    if (attempt.spending != null) {
      open.remove(attempt.spending);
      attempt.spending.end(clock.databaseMillis());
    }
  }

  /**
   * A worker is seen to cost this: the history of prices may count it from a moment before, so for
   * what was leased just now the dearer of two prices counts.
   */
  void seen(Worker worker, Site site) {
    if (open.isEmpty()) {
      return;
    }
    for (Attempt attempt : worker.openAttempts()) {
      Spending spending = attempt.spending;
      if (spending != null && spending.takes(site, clock.databaseMillis())) {
        open.remove(spending);
        spending.reprice(site.microsPerHour());
        open.add(spending);
      }
    }
  }

  /** The attempt whose end is due longest; null when none is. */
  @Nullable Attempt due() {
    if (open.isEmpty() || open.first().stopAtMillis() > clock.databaseMillis()) {
      return null;
    }
    return open.first().attempt;
  }
}
