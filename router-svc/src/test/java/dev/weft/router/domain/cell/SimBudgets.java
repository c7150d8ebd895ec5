package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.app.FakeCell;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;

/**
 * Judges what tasks with a budget have cost in a simulated cell. The time in which nobody could end
 * anything, since no placer held the cell or the database was away, is all that may be spent
 * beyond.
 */
final class SimBudgets {

  private static final long MICRO_HOURS_PER_MICRO = 3_600_000_000L;

  private final Instant epoch;
  private final BitSet blind = new BitSet();
  int capped;

  SimBudgets(Instant epoch) {
    this.epoch = epoch;
  }

  static long price(WorkerId worker) {
    return worker.uuid().getLeastSignificantBits() * 1_000_000;
  }

  /** Nobody could end anything from this moment to that one, on the virtual clock. */
  void blind(long from, long to) {
    blind.set((int) (from / SimWorld.STEP), (int) (to / SimWorld.STEP) + 1);
  }

  void check(FakeCell store) {
    for (FakeCell.Row row : store.tasks().values()) {
      Budget budget = store.requirements(row.origin.shape()).destination().budget();
      if (budget.isSet()) {
        check(store, row, budget);
      }
    }
  }

  private void check(FakeCell store, FakeCell.Row row, Budget budget) {
    Charge cost = Charge.NONE;
    Charge excused = Charge.NONE;
    for (StoredAttempt stored : store.attempts(row.id)) {
      WorkerId worker = stored.attempt().lease().worker();
      cost = cost.plus(charge(worker, stored.attempt().startTime(), stored.endTime()));
      excused = excused.plus(excused(worker, stored.attempt().startTime(), stored.endTime()));
      capped += stored.attempt().problem().reason().equals(Problems.BUDGET_EXHAUSTED) ? 1 : 0;
    }
    LeaseRef last = row.progress.attempt();
    if (row.progress.state() == TaskState.SUCCEEDED && last != null && row.attemptStart != null) {
      cost = cost.plus(charge(last.worker(), row.attemptStart, row.updated));
      excused = excused.plus(excused(last.worker(), row.attemptStart, row.updated));
    }
    BigInteger most =
        BigInteger.valueOf(budget.micros())
            .multiply(BigInteger.valueOf(MICRO_HOURS_PER_MICRO))
            .add(excused.microHours());
    assertThat(cost.microHours())
        .as("cost of %s, budget %s, excused %s", row.id, budget.amount(), excused.amount())
        .isLessThanOrEqualTo(most);
  }

  private static Charge charge(WorkerId worker, Instant start, Instant end) {
    return Charge.of(price(worker), Duration.between(start, end));
  }

  private Charge excused(WorkerId worker, Instant start, Instant end) {
    long steps = blind.get(step(start), step(end) + 1).cardinality();
    return Charge.of(price(worker), Duration.ofNanos(steps * SimWorld.STEP));
  }

  private int step(Instant time) {
    return (int) (Duration.between(epoch, time).toNanos() / SimWorld.STEP);
  }
}
