package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import org.jspecify.annotations.Nullable;

/** What tasks wait for, in words. */
final class WaitReasons {

  private final CellCore core;

  WaitReasons(CellCore core) {
    this.core = core;
  }

  /** What this task waits for; empty when it does not. */
  String of(@Nullable TaskEntry entry) {
    if (entry == null || !entry.waiting()) {
      return "";
    }
    if (entry.delayed()) {
      return "wait: its start time has not come";
    }
    if (entry.withheld()) {
      return core.userLevels.waitingFor(entry);
    }
    Shape shape = entry.stream.shape;
    if (entry.stream.kept) {
      return "wait: what is free is kept for P0";
    }
    LevelAccount level = core.levels.of(shape.tenant);
    if (entry.stream.limited && level != null) {
      return level.waitingFor(entry.stream);
    }
    TenantAccount account = core.accounts.of(shape.tenant);
    if (entry.stream.unfunded && account != null) {
      return unfunded(account, entry.stream.lacksTokens);
    }
    return shape.pickFailed ? shape.remedy : "wait: tasks before it are placed first";
  }

  private static String unfunded(TenantAccount account, boolean tokens) {
    if (account.counting()) {
      return "wait: what the tenant has spent today is being counted";
    }
    TenantBudget budget = account.budget();
    String all = budget.daily().amount() + " " + budget.daily().currency();
    String left = Charge.amount(Math.max(0, account.free()));
    if (tokens) {
      all = budget.dailyTokens() + " tokens of models";
      left = Long.toString(Math.max(0, account.tokens.free()));
    }
    return "wait: the tenant's budget of %s a day has %s left, which is too little for it; it begins anew at %s"
        .formatted(all, left, account.resets());
  }
}
