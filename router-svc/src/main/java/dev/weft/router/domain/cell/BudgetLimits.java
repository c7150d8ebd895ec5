package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Meter;
import java.util.List;

/** Ends what would cost more than its task's budget or its tenant's, before it does. */
final class BudgetLimits {

  private final CellCore core;
  private final Attempts attempts;

  BudgetLimits(CellCore core, Attempts attempts) {
    this.core = core;
    this.attempts = attempts;
  }

  /**
   * What time alone brings; called several times a second.
   *
   * @param settled nothing is on its way into the store
   */
  void look(boolean settled) {
    if (settled) {
      core.accounts.durable(core.lastCommit, core.lastDurable, List.of());
    }
    enforce();
    core.tokens.look(core.draft);
  }

  /** Ends what is due; its workers are told to kill it. */
  void enforce() {
    Attempt due = core.budgets.due();
    while (due != null) {
      attempts.stopped(due, Problems.budgetSpent(due, core.clock.databaseMillis()));
      core.leave(due);
      due = core.budgets.due();
    }
    for (Attempt spentUp : core.accounts.spentUp(core.clock.databaseMillis())) {
      attempts.stopped(spentUp, Problems.tenantBudgetSpent(spentUp));
      core.leave(spentUp);
    }
    enforceTokens();
  }

  private void enforceTokens() {
    for (Attempt spentUp : core.accounts.tokensSpentUp()) {
      attempts.stopped(spentUp, Problems.tenantTokensSpent(spentUp));
      core.leave(spentUp);
    }
  }

  /**
   * Ends a waiting task when what is left of its budget is not worth a start on the worker that was
   * chosen for it.
   *
   * @return whether it did
   */
  boolean refuse(TaskEntry entry, Worker worker) {
    Meter meter = Budgets.meter(entry, worker);
    if (meter == null || meter.worthwhile()) {
      return false;
    }
    Attempt last = entry.attempt();
    attempts.fail(
        entry, Problems.budgetTooSmall(meter, worker.id(), last == null ? 0 : last.number));
    return true;
  }
}
