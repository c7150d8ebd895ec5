package dev.weft.router.domain.cell;

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
      return account.waitingFor();
    }
    return shape.pickFailed ? shape.remedy : "wait: tasks before it are placed first";
  }
}
