package dev.weft.router.domain.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Capacity less what is assigned and not seen to end. Not thread-safe.
 *
 * <p>Each choice among thousands touches two workers that no cache holds, so what a choice reads
 * lies close together: a worker has few kinds of work, and their counts are a short list.
 */
public final class Credit {

  private Capacity capacity = Capacity.NONE;
  private long cpuMilli;
  private long memoryBytes;
  private long diskBytes;
  private int gpus;
  private @Nullable Count counts;
  private final ChangeListener worker;

  Credit(ChangeListener worker) {
    this.worker = worker;
  }

  /** Takes a newer vector; an older number changes nothing. */
  public boolean capacity(Capacity next) {
    if (next.number() < capacity.number()) {
      return false;
    }
    capacity = next;
    for (Count count = counts; count != null; count = count.next) {
      count.slots = next.slots(count.executor);
    }
    worker.changed();
    return true;
  }

  /** A stream ended: its vector dies with it. What is taken stays taken until it is seen to end. */
  public void forgetCapacity() {
    capacity = Capacity.NONE;
    for (Count count = counts; count != null; count = count.next) {
      count.slots = 0;
    }
    worker.changed();
  }

  public Capacity capacity() {
    return capacity;
  }

  public void take(String executor, Resources amount) {
    add(executor, amount, 1);
  }

  public void giveBack(String executor, Resources amount) {
    add(executor, amount, -1);
  }

  private void add(String executor, Resources amount, int sign) {
    cpuMilli += sign * amount.cpuMilli();
    memoryBytes += sign * amount.memoryBytes();
    diskBytes += sign * amount.diskBytes();
    gpus += sign * amount.gpus();
    count(executor).used += sign;
    worker.changed();
  }

  /** Whether one more fits. */
  public boolean fits(String executor, Resources amount) {
    Count count = count(executor);
    Resources all = capacity.resources();
    return count.used < count.slots
        && cpuMilli + amount.cpuMilli() <= all.cpuMilli()
        && memoryBytes + amount.memoryBytes() <= all.memoryBytes()
        && diskBytes + amount.diskBytes() <= all.diskBytes()
        && gpus + amount.gpus() <= all.gpus();
  }

  /** Whether it would fit if nothing else were there. */
  public boolean couldFit(String executor, Resources amount) {
    return capacity.slots(executor) > 0 && amount.fitsIn(capacity.resources());
  }

  /** The fullest of what this kind of work needs: 0 empty, 1 full. */
  public double load(String executor) {
    Count count = count(executor);
    double load = ratio(count.used, count.slots);
    return Math.max(load, Math.max(cpuLoad(), memoryLoad()));
  }

  /** Share of the CPU that is taken. */
  public double cpuLoad() {
    return ratio(cpuMilli, capacity.resources().cpuMilli());
  }

  /** Share of the memory that is taken. */
  public double memoryLoad() {
    return ratio(memoryBytes, capacity.resources().memoryBytes());
  }

  private static double ratio(long used, long all) {
    return used <= 0 ? 0 : all <= 0 ? 1 : Math.min(1, (double) used / all);
  }

  /** Nothing is taken. */
  public boolean unused() {
    for (Count count = counts; count != null; count = count.next) {
      if (count.used != 0) {
        return false;
      }
    }
    return cpuMilli == 0 && memoryBytes == 0 && diskBytes == 0 && gpus == 0;
  }

  public int used(String executor) {
    return count(executor).used;
  }

  private Count count(String executor) {
    for (Count count = counts; count != null; count = count.next) {
      if (count.executor.equals(executor)) {
        return count;
      }
    }
    counts = new Count(executor, capacity.slots(executor), counts);
    return counts;
  }

  /** Of one kind of work. */
  private static final class Count {
    private final String executor;
    private final @Nullable Count next;
    private int slots;
    private int used;

    private Count(String executor, int slots, @Nullable Count next) {
      this.executor = executor;
      this.slots = slots;
      this.next = next;
    }
  }
}
