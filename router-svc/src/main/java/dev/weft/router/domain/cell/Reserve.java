package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a share of each executor's slots, and of the CPU behind them, free of all classes but P0.
 * The share is of the connected workers together: a mesh with few slots keeps none.
 */
final class Reserve {

  private final Fleet fleet;
  private final int percent;
  private final Map<String, Pooled> pools = new HashMap<>();
  private long versionSeen = -1;

  /** Slots of one executor, and what classes below P0 hold of them. */
  private static final class Pooled {
    private long slots;
    private long cpuMilli;
    private long taken;
    private long takenCpuMilli;
  }

  Reserve(Fleet fleet, int percent) {
    this.fleet = fleet;
    this.percent = percent;
  }

  /** Whether one more lease of this stream leaves the reserve whole. */
  boolean allows(TaskStream stream) {
    if (percent == 0 || stream.priority == PriorityClass.P0) {
      return true;
    }
    recount();
    Pooled pooled = of(stream.shape.need.executor());
    long kept = pooled.slots * percent / 100;
    if (kept == 0) {
      return true;
    }
    long keptCpu = pooled.cpuMilli * kept / pooled.slots;
    long cpu = stream.shape.need.resources().cpuMilli();
    return pooled.taken + 1 <= pooled.slots - kept
        && pooled.takenCpuMilli + cpu <= Math.max(cpu, pooled.cpuMilli - keptCpu);
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
      Pooled pooled = of(stream.shape.need.executor());
      pooled.taken += sign;
      pooled.takenCpuMilli += sign * stream.shape.need.resources().cpuMilli();
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
                  Pooled pooled = of(executor);
                  pooled.slots += slots;
                  pooled.cpuMilli += capacity.resources().cpuMilli();
                });
        worker.openAttempts().forEach(this::opened);
      }
    }
  }
}
