package dev.weft.registry.domain.fleet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Remembers what is to be stored: profiles soon, statistics when their time has come. */
final class SaveList {

  private final Set<WorkerId> soon = new LinkedHashSet<>();
  private final Set<WorkerId> later = new LinkedHashSet<>();
  private final Set<WorkerId> gone = new LinkedHashSet<>();

  void soon(WorkerId id) {
    gone.remove(id);
    soon.add(id);
  }

  void later(WorkerId id) {
    later.add(id);
  }

  void gone(WorkerId id) {
    soon.remove(id);
    later.remove(id);
    gone.add(id);
  }

  /** Takes up to {@code limit} off the list. */
  Unsaved take(Map<WorkerId, Seat> seats, boolean statisticsToo, int limit) {
    if (statisticsToo) {
      soon.addAll(later);
      later.clear();
    }
    List<WorkerRecord> changed = new ArrayList<>();
    for (WorkerId id : first(soon, limit)) {
      Seat seat = seats.get(id);
      if (seat != null) {
        changed.add(seat.toRecord());
      }
    }
    return new Unsaved(changed, first(gone, limit - changed.size()));
  }

  /**
   * Puts back what could not be stored. A worker that came back meanwhile is not deleted after all.
   */
  void back(Unsaved unsaved, Map<WorkerId, Seat> seats) {
    for (WorkerRecord record : unsaved.changed()) {
      if (seats.containsKey(record.id())) {
        soon.add(record.id());
      }
    }
    for (WorkerId id : unsaved.gone()) {
      if (!seats.containsKey(id)) {
        gone.add(id);
      }
    }
  }

  private static List<WorkerId> first(Set<WorkerId> ids, int limit) {
    List<WorkerId> taken = ids.stream().limit(limit).toList();
    taken.forEach(ids::remove);
    return taken;
  }
}
