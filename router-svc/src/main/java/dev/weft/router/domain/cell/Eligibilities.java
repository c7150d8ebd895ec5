package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.placement.Eligibility;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who could take the tasks of each shape, with what finds the best of them: made when a shape is
 * asked for, made anew when the fleet or a policy has changed, and given up for the shapes that
 * were asked for longest ago when all of them would take too much memory.
 */
final class Eligibilities {

  /** Workers times shapes; each takes about 100 bytes, and 9 more for each algorithm in use. */
  static final long MOST = 1_000_000;

  /** What a shape takes beside its workers, in workers. */
  private static final int OWN = 64;

  private final Fleet fleet;
  private final Policies policies;
  private final long most;

  /** Each shape's part of the memory, the one that was asked for longest ago first. */
  private final Map<Shape, Long> held = new LinkedHashMap<>(16, 0.75f, true);

  private long sum;

  Eligibilities(Fleet fleet, Policies policies, long most) {
    this.fleet = fleet;
    this.policies = policies;
    this.most = most;
  }

  Eligibility of(Shape shape) {
    Eligibility known = shape.eligibility;
    if (known != null && known.fleetVersion() == fleet.version() && held.get(shape) != null) {
      return known;
    }
    List<WorkerSlot> slots = fleet.slots();
    Eligibility made =
        new Eligibility(
            shape.need,
            slots,
            policies.filter(),
            policies.score(),
            fleet.version(),
            fleet.revision());
    shape.eligibility = made;
    shape.eligible = made.size();
    hold(shape, slots.size() + OWN);
    return made;
  }

  private void hold(Shape shape, long weight) {
    Long before = held.put(shape, weight);
    sum += weight - (before == null ? 0 : before);
    Iterator<Map.Entry<Shape, Long>> oldest = held.entrySet().iterator();
    while (sum > most && held.size() > 1) {
      Map.Entry<Shape, Long> given = oldest.next();
      sum -= given.getValue();
      given.getKey().eligibility = null;
      oldest.remove();
    }
  }

  /** Whether one of these could take a task of the shape now. */
  boolean anyRoom(Shape shape, List<WorkerSlot> among) {
    Eligibility known = shape.eligibility;
    for (WorkerSlot slot : among) {
      if (slot.hasRoom(shape.need.executor(), shape.need.resources())
          && (known == null
              ? policies.filter().refuse(shape.need, slot).isEmpty()
              : known.includes(slot))) {
        return true;
      }
    }
    return false;
  }
}
