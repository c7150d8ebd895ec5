package dev.weft.registry.domain.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Workers by name. */
final class NameBook {

  private final NavigableMap<NameKey, Seat> seats = new TreeMap<>();

  void add(Seat seat) {
    seats.put(key(seat), seat);
  }

  void remove(Seat seat) {
    seats.remove(key(seat));
  }

  boolean takenByOther(String name, WorkerId id) {
    return named(name).stream().anyMatch(seat -> seat.connected() && !seat.id().equals(id));
  }

  /** The connected one, else the one that was seen last. */
  Optional<Seat> find(String name) {
    Seat found = null;
    for (Seat seat : named(name)) {
      if (seat.connected()) {
        return Optional.of(seat);
      }
      if (found == null || seat.lastSeen().isAfter(found.lastSeen())) {
        found = seat;
      }
    }
    return Optional.ofNullable(found);
  }

  List<Seat> after(NameKey key, int limit) {
    List<Seat> page = new ArrayList<>();
    for (Seat seat : seats.tailMap(key, false).values()) {
      if (page.size() == limit) {
        break;
      }
      page.add(seat);
    }
    return page;
  }

  private Collection<Seat> named(String name) {
    return seats.subMap(new NameKey(name, ""), false, new NameKey(name, "\uffff"), false).values();
  }

  private static NameKey key(Seat seat) {
    return new NameKey(seat.name(), seat.id().text());
  }
}
