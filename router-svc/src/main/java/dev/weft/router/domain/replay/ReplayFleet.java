package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The workers of a replay as they come, change and go. */
final class ReplayFleet {

  private final BiConsumer<ReplayWorker, Assignment> assigned;
  private final BiConsumer<ReplayWorker, AttemptKey> cancelled;
  private final Consumer<ReplayWorker> lost;
  private final Map<WorkerId, ReplayWorker> connected = new HashMap<>();
  private long revision;

  ReplayFleet(
      BiConsumer<ReplayWorker, Assignment> assigned,
      BiConsumer<ReplayWorker, AttemptKey> cancelled,
      Consumer<ReplayWorker> lost) {
    this.assigned = assigned;
    this.cancelled = cancelled;
    this.lost = lost;
  }

  void change(Cell cell, FleetEvent event) {
    revision++;
    FleetWorker profile = event.profile();
    if (profile == null) {
      gone(cell, event.worker());
      return;
    }
    cell.show(profile.view(), revision);
    ReplayWorker worker = connected.get(event.worker());
    if (worker == null) {
      worker = new ReplayWorker(profile, revision, assigned, cancelled);
      connected.put(event.worker(), worker);
      cell.hello(worker, worker.hello());
    } else {
      worker.profile(profile);
    }
    Capacity capacity = profile.capacity();
    cell.capacity(
        event.worker(), worker, new Capacity(revision, capacity.resources(), capacity.slots()));
    cell.draining(event.worker(), worker, event.presence() == FleetEvent.Presence.DRAINING);
  }

  private void gone(Cell cell, WorkerId id) {
    ReplayWorker worker = connected.remove(id);
    if (worker != null) {
      worker.end();
      lost.accept(worker);
      cell.gone(id, worker);
    }
    cell.hide(id, revision);
  }
}
