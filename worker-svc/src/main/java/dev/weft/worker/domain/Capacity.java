package dev.weft.worker.domain;

import java.util.Map;

/**
 * All that the worker can take at once.
 *
 * @param executorSlots executor kind to the most of it at once
 */
public record Capacity(
    int cpuMilli, long memoryBytes, long diskBytes, int gpus, Map<String, Integer> executorSlots) {

  public Capacity {
    executorSlots = Map.copyOf(executorSlots);
  }

  public int slots(String executor) {
    return executorSlots.getOrDefault(executor, 0);
  }

  /** Slots for work of users; {@code noop} only measures and would hide how full the worker is. */
  public int workSlots() {
    return executorSlots.values().stream().mapToInt(Integer::intValue).sum()
        - slots(Work.Noop.KIND);
  }
}
