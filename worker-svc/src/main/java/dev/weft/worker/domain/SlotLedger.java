package dev.weft.worker.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of the capacity is taken, attempt by attempt. The placer counts too; this is the worker's
 * own last word, so that a placer's mistake is refused instead of overloading the machine. Not safe
 * for threads.
 */
public final class SlotLedger {

  private record Taken(String executor, Resources resources, int gpus) {}

  private final Capacity capacity;
  private final Map<AttemptKey, Taken> taken = new HashMap<>();
  private final Map<String, Integer> usedSlots = new HashMap<>();
  private int cpuMilli;
  private long memoryBytes;
  private long diskBytes;
  private int gpus;

  public SlotLedger(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Takes what the work needs, or says what is lacking and takes nothing. */
  public Optional<String> reserve(AttemptKey key, Work work, Resources resources) {
    Optional<String> lack = lack(work, resources);
    if (lack.isPresent()) {
      return lack;
    }
    if (taken.putIfAbsent(key, new Taken(work.executor(), resources, work.gpus())) != null) {
      throw new IllegalStateException("reserved twice: " + key);
    }
    usedSlots.merge(work.executor(), 1, Integer::sum);
    cpuMilli += resources.cpuMilli();
    memoryBytes += resources.memoryBytes();
    diskBytes += resources.diskBytes();
    gpus += work.gpus();
    return Optional.empty();
  }

  /** Gives back what the attempt took; harmless when it took nothing. */
  public void release(AttemptKey key) {
    Taken back = taken.remove(key);
    if (back == null) {
      return;
    }
    usedSlots.merge(back.executor(), -1, Integer::sum);
    cpuMilli -= back.resources().cpuMilli();
    memoryBytes -= back.resources().memoryBytes();
    diskBytes -= back.resources().diskBytes();
    gpus -= back.gpus();
  }

  /** How many of {@link Capacity#workSlots()} are taken. */
  public int usedWorkSlots() {
    return taken.size() - usedSlots.getOrDefault(Work.Noop.KIND, 0);
  }

  public Capacity capacity() {
    return capacity;
  }

  private Optional<String> lack(Work work, Resources asked) {
    String kind = work.executor();
    if (capacity.slots(kind) == 0) {
      return Optional.of("executor " + kind + ": not offered");
    }
    int used = usedSlots.getOrDefault(kind, 0);
    if (used >= capacity.slots(kind)) {
      return Optional.of(lacking("executor slots of " + kind, 1, capacity.slots(kind) - used));
    }
    if (cpuMilli + asked.cpuMilli() > capacity.cpuMilli()) {
      return Optional.of(lacking("cpu_milli", asked.cpuMilli(), capacity.cpuMilli() - cpuMilli));
    }
    if (memoryBytes + asked.memoryBytes() > capacity.memoryBytes()) {
      return Optional.of(
          lacking("memory_bytes", asked.memoryBytes(), capacity.memoryBytes() - memoryBytes));
    }
    if (diskBytes + asked.diskBytes() > capacity.diskBytes()) {
      return Optional.of(
          lacking("disk_bytes", asked.diskBytes(), capacity.diskBytes() - diskBytes));
    }
    if (gpus + work.gpus() > capacity.gpus()) {
      return Optional.of(lacking("gpus", work.gpus(), capacity.gpus() - gpus));
    }
    return Optional.empty();
  }

  private static String lacking(String what, long asked, long free) {
    return what + ": " + asked + " (expected: <= " + free + " free)";
  }
}
