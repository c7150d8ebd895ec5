package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a share of each executor's slots, and of the CPU behind them, free of all classes but P0.
 * The share is of the connected workers together: a mesh with few slots keeps none. What is free on
 * a worker that is out of a shape's work is of no use to its P0, so the same share is kept of those
 * that are in.
 */
final class Reserve {

  private final Fleet fleet;
  private final int percent;
  private final Map<String, Pooled> pools = new HashMap<>();
  private long versionSeen = -1;

  /** Slots of one executor, and what classes below P0 hold of them. */
  private static final class Share {
    private long slots;
    private long cpuMilli;
    private long taken;
    private long takenCpuMilli;

    void add(Share other, int sign) {
      slots += sign * other.slots;
      cpuMilli += sign * other.cpuMilli;
      taken += sign * other.taken;
      takenCpuMilli += sign * other.takenCpuMilli;
    }

    /** Whether the share that is kept stays whole when work that needs so much CPU begins. */
    boolean allows(int percent, long cpu) {
      long kept = slots * percent / 100;
      if (kept == 0) {
        return true;
      }
      long keptCpu = cpuMilli * kept / slots;
      return taken + 1 <= slots - kept && takenCpuMilli + cpu <= Math.max(cpu, cpuMilli - keptCpu);
    }
  }

  /** All workers' slots of one executor, and those of each. */
  private static final class Pooled {
    private final Share all = new Share();
    private final Map<WorkerId, Share> byWorker = new HashMap<>();

    Share without(Set<WorkerId> away) {
      Share rest = new Share();
      rest.add(all, 1);
      for (WorkerId worker : away) {
        Share own = byWorker.get(worker);
        if (own != null) {
          rest.add(own, -1);
        }
      }
      return rest;
    }

    void add(WorkerId worker, Share more) {
      all.add(more, 1);
      byWorker.computeIfAbsent(worker, id -> new Share()).add(more, 1);
    }
  }

  Reserve(Fleet fleet, int percent) {
    this.fleet = fleet;
    this.percent = percent;
  }

  /**
   * Whether one more lease of this stream leaves the reserve whole.
   *
   * @param away workers that are out of its work
   */
  boolean allows(TaskStream stream, Set<WorkerId> away) {
    if (percent == 0 || stream.priority == PriorityClass.P0) {
      return true;
    }
    recount();
    Pooled pooled = of(stream.shape.need.executor());
    long cpu = stream.shape.need.resources().cpuMilli();
    return pooled.all.allows(percent, cpu)
        && (away.isEmpty() || pooled.without(away).allows(percent, cpu));
  }

  void opened(Attempt attempt) {
    count(attempt, 1);
  }

  void closed(Attempt attempt) {
    count(attempt, -1);
  }

  /** Only what connected workers run: the slots of the others do not count either. */
  private void count(Attempt attempt, int sign) {
    TaskStream stream = attempt.task.stream;
    if (stream.priority != PriorityClass.P0 && attempt.worker.link != null) {
      Share share = new Share();
      share.taken = sign;
      share.takenCpuMilli = sign * stream.shape.need.resources().cpuMilli();
      of(stream.shape.need.executor()).add(attempt.worker.id(), share);
    }
  }

  private Pooled of(String executor) {
    return pools.computeIfAbsent(executor, name -> new Pooled());
  }

  private void recount() {
    if (versionSeen == fleet.version()) {
      return;
    }
    versionSeen = fleet.version();
    pools.clear();
    for (Worker worker : fleet.all()) {
      if (worker.link != null) {
        var capacity = worker.slot.credit().capacity();
        capacity
            .slots()
            .forEach(
                (executor, slots) -> {
                  Share share = new Share();
                  share.slots = slots;
                  share.cpuMilli = capacity.resources().cpuMilli();
                  of(executor).add(worker.id(), share);
                });
        worker.openAttempts().forEach(this::opened);
      }
    }
  }
}
