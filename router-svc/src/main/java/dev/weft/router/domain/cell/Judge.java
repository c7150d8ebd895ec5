package dev.weft.router.domain.cell;

import java.util.ArrayList;

/**
 * Says which leases are over. It says nothing of a time in which it could not hear the workers
 * itself: while it was stalled, or while the database was away.
 */
final class Judge {

  private final CellCore core;
  private final Attempts attempts;
  private final CellSettings.Leases rules;
  private long lastLook;
  private boolean databaseAway;

  Judge(CellCore core, Attempts attempts) {
    this.core = core;
    this.attempts = attempts;
    this.rules = core.settings.leases();
    this.lastLook = core.clock.nanos();
  }

  void databaseAway(boolean away) {
    if (databaseAway && !away) {
      acquitAll();
    }
    databaseAway = away;
  }

  void look() {
    long now = core.clock.nanos();
    boolean stalled = now - lastLook > rules.stallGap().toNanos();
    lastLook = now;
    if (stalled) {
      acquitAll();
      core.draft.barrier();
    }
    if (databaseAway) {
      return;
    }
    for (Worker worker : new ArrayList<>(core.fleet.all())) {
      judge(worker, now);
    }
  }

  private void judge(Worker worker, long now) {
    if (worker.doubted != null && now >= worker.doubtedUntil) {
      core.fleet.believe(worker);
    }
    if (worker.heldUntil != 0 && now >= worker.heldUntil) {
      worker.heldUntil = 0;
      worker.slot.held(false);
      core.fleet.freed(worker);
    }
    if (worker.absentUntil != 0 && now >= worker.absentUntil) {
      worker.absentUntil = 0;
      for (Attempt attempt : worker.openAttempts()) {
        lose(attempt, "its stream closed and did not come back");
      }
    } else if (worker.anyLeaseOver(now)) {
      for (Attempt attempt : worker.openAttempts()) {
        if (now >= attempt.leaseEnd) {
          lose(attempt, "its lease ended without renewal");
        }
      }
    }
    if (worker.goneSince != 0 && now - worker.goneSince >= rules.ttl().toNanos()) {
      buryGhosts(worker);
    }
  }

  private void lose(Attempt attempt, String how) {
    attempts.lost(attempt, how);
    core.leave(attempt);
  }

  /** A worker that was away for a whole lease has ended its attempts by itself. */
  private void buryGhosts(Worker worker) {
    worker.goneSince = 0;
    worker.ghosts().forEach(worker::laid);
    core.settleDrain(worker);
    core.fleet.forgetIfUnused(worker);
  }

  private void acquitAll() {
    long now = core.clock.nanos();
    for (Worker worker : core.fleet.all()) {
      if (worker.absentUntil != 0) {
        worker.absentUntil = Math.max(worker.absentUntil, now + rules.reconnectGrace().toNanos());
      }
      for (Attempt attempt : worker.openAttempts()) {
        attempt.leaseEnd = Math.max(attempt.leaseEnd, now + rules.ttl().toNanos());
      }
    }
  }
}
