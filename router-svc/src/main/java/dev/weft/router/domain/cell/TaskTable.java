package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every open task by id: an open-addressed table, so that an entry costs one reference here, and,
 * while tasks come, what is free of it at most another.
 */
final class TaskTable {

  private static final int SMALLEST = 1 << 10;

  private @Nullable TaskEntry[] slots = new TaskEntry[SMALLEST];
  private int size;

  int size() {
    return size;
  }

  @Nullable TaskEntry get(TaskId id) {
    return get(id.high(), id.low());
  }

  @Nullable TaskEntry get(long high, long low) {
    for (int at = home(high, low); ; at = after(at)) {
      TaskEntry entry = slots[at];
      if (entry == null || (entry.idHigh == high && entry.idLow == low)) {
        return entry;
      }
    }
  }

  /** The id must not be in the table. */
  void add(TaskEntry entry) {
    if ((size + 1) * 4L > slots.length * 3L) {
      resize(larger(slots.length));
    }
    place(entry);
    size++;
  }

  /** Closes the gap by moving later entries of the run up, so that no tombstones are needed. */
  void remove(TaskEntry entry) {
    int gap = home(entry.idHigh, entry.idLow);
    while (slots[gap] != entry) {
      if (slots[gap] == null) {
        return;
      }
      gap = after(gap);
    }
    size--;
    for (int at = after(gap); ; at = after(at)) {
      TaskEntry moved = slots[at];
      if (moved == null) {
        slots[gap] = null;
        break;
      }
      int home = home(moved.idHigh, moved.idLow);
      if (steps(home, at) >= steps(gap, at)) {
        slots[gap] = moved;
        gap = at;
      }
    }
    if (slots.length > SMALLEST && size * 8L < slots.length) {
      resize(smaller(slots.length));
    }
  }

  void forEach(Consumer<TaskEntry> action) {
    for (TaskEntry entry : slots) {
      if (entry != null) {
        action.accept(entry);
      }
    }
  }

  private void place(TaskEntry entry) {
    int at = home(entry.idHigh, entry.idLow);
    while (slots[at] != null) {
      at = after(at);
    }
    slots[at] = entry;
  }

  private void resize(int length) {
    @Nullable TaskEntry[] old = slots;
    slots = new TaskEntry[length];
    for (TaskEntry entry : old) {
      if (entry != null) {
        place(entry);
      }
    }
  }

  /** By half, then by a third: a table is then never less than half full after it has grown. */
  private static int larger(int length) {
    return Integer.bitCount(length) == 1 ? length / 2 * 3 : length / 3 * 4;
  }

  private static int smaller(int length) {
    return Integer.bitCount(length) == 1 ? length / 2 : length / 3 * 2;
  }

  /** The same share of the table as its hash is of all hashes. */
  private int home(long high, long low) {
    return (int) ((Integer.toUnsignedLong(hash(high, low)) * slots.length) >>> Integer.SIZE);
  }

  private int after(int at) {
    return at + 1 == slots.length ? 0 : at + 1;
  }

  /** From one slot to another, in the direction in which is looked. */
  private int steps(int from, int to) {
    return to >= from ? to - from : to - from + slots.length;
  }

  private static int hash(long high, long low) {
    long mixed = (high ^ (low * 0x9e3779b97f4a7c15L)) * 0xbf58476d1ce4e5b9L;
    return (int) (mixed ^ (mixed >>> 32));
  }
}
