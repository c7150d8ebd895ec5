package dev.weft.router.domain.cell;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Moments at which a waiting task is to be looked at: its start or its expiry. A heap over two
 * arrays; a task that no longer waits leaves its timer behind, and those are swept out before the
 * heap may grow.
 */
final class Timers {

  private static final int SMALLEST = 1_024;

  private long[] due = new long[SMALLEST];
  private @Nullable TaskEntry[] tasks = new TaskEntry[SMALLEST];
  private int size;

  /**
   * @param millis database time
   */
  void add(long millis, TaskEntry entry) {
    if (size == due.length) {
      sweep();
      if (size > due.length / 2) {
        due = Arrays.copyOf(due, due.length * 2);
        tasks = Arrays.copyOf(tasks, tasks.length * 2);
      }
    }
    up(size++, millis, entry);
  }

  /** Takes out the earliest that is due and whose task waits; null when there is none. */
  @Nullable TaskEntry poll(long nowMillis) {
    while (size > 0 && due[0] <= nowMillis) {
      TaskEntry first = tasks[0];
      size--;
      long movedDue = due[size];
      TaskEntry moved = tasks[size];
      tasks[size] = null;
      if (size > 0 && moved != null) {
        down(0, movedDue, moved);
      }
      if (first != null && first.waiting()) {
        return first;
      }
    }
    return null;
  }

  private void sweep() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      TaskEntry entry = tasks[i];
      if (entry != null && entry.waiting()) {
        due[kept] = due[i];
        tasks[kept++] = entry;
      }
    }
    Arrays.fill(tasks, kept, size, null);
    size = kept;
    for (int i = size / 2 - 1; i >= 0; i--) {
      TaskEntry entry = tasks[i];
      if (entry != null) {
        down(i, due[i], entry);
      }
    }
  }

  private void up(int at, long millis, TaskEntry entry) {
    int hole = at;
    while (hole > 0 && due[(hole - 1) / 2] > millis) {
      int parent = (hole - 1) / 2;
      due[hole] = due[parent];
      tasks[hole] = tasks[parent];
      hole = parent;
    }
    due[hole] = millis;
    tasks[hole] = entry;
  }

  private void down(int at, long millis, TaskEntry entry) {
    int hole = at;
    for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && due[child + 1] < due[child]) {
        child++;
      }
      if (due[child] >= millis) {
        break;
      }
      due[hole] = due[child];
      tasks[hole] = tasks[child];
      hole = child;
    }
    due[hole] = millis;
    tasks[hole] = entry;
  }
}
