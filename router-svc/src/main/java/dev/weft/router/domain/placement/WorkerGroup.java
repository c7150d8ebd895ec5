package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.WorkerId;
import java.util.Arrays;
import java.util.List;

/**
 * The workers that rather serve one shard of users: those that rank highest by a hash of the
 * shard's number and theirs, so that one that joins or leaves changes a shard's group by one at
 * most. A bonus in the composite score, never a condition.
 *
 * @param shard 0 for no preference
 */
public record WorkerGroup(int shard, List<WorkerId> workers) {

  public static final WorkerGroup NONE = new WorkerGroup(0, List.of());

  /** Beside the score's own weights, whose sum is 1. */
  static final double WEIGHT = 0.25;

  public WorkerGroup {
    workers = List.copyOf(workers);
  }

  /** Those of a fleet that serve a shard, best first; all that are there if they are no more. */
  public static List<WorkerSlot> serving(int shard, List<WorkerSlot> fleet, int most) {
    WorkerSlot[] best = new WorkerSlot[most];
    double[] weights = new double[most];
    int found = 0;
    for (WorkerSlot slot : fleet) {
      double weight = isThere(slot) ? Rendezvous.weight(shard, Rendezvous.ring(slot.id())) : -1;
      if (weight >= 0 && (found < most || weight > weights[most - 1])) {
        int at = found < most ? found++ : most - 1;
        while (at > 0 && weight > weights[at - 1]) {
          weights[at] = weights[at - 1];
          best[at] = best[at - 1];
          at--;
        }
        weights[at] = weight;
        best[at] = slot;
      }
    }
    return List.of(Arrays.copyOf(best, found));
  }

  /** Whether it may get work at all. */
  public static boolean isThere(WorkerSlot slot) {
    return slot.view() != null && slot.connected() && !slot.draining();
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  /** 1 for a worker of the group, else 0. */
  double term(WorkerId worker) {
    return workers.contains(worker) ? 1 : 0;
  }
}
