package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every open task by id: an open-addressed table, so that an entry costs one reference here. */
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
    int mask = slots.length - 1;
    for (int at = hash(high, low) & mask; ; at = (at + 1) & mask) {
      TaskEntry entry = slots[at];
      if (entry == null || (entry.idHigh == high && entry.idLow == low)) {
        return entry;
      }
    }
  }

  /** The id must not be in the table. */
  void add(TaskEntry entry) {
    if ((size + 1) * 3L > slots.length * 2L) {
      resize(slots.length * 2);
    }
    place(entry);
    size++;
  }

  /** Closes the gap by moving later entries of the run up, so that no tombstones are needed. */
  void remove(TaskEntry entry) {
    int mask = slots.length - 1;
    int gap = hash(entry.idHigh, entry.idLow) & mask;
    while (slots[gap] != entry) {
      if (slots[gap] == null) {
        return;
      }
      gap = (gap + 1) & mask;
    }
    size--;
    for (int at = (gap + 1) & mask; ; at = (at + 1) & mask) {
      TaskEntry moved = slots[at];
      if (moved == null) {
        slots[gap] = null;
        break;
      }
      int home = hash(moved.idHigh, moved.idLow) & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        slots[gap] = moved;
        gap = at;
      }
    }
    if (slots.length > SMALLEST && size * 8L < slots.length) {
      resize(slots.length / 2);
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
    int mask = slots.length - 1;
    int at = hash(entry.idHigh, entry.idLow) & mask;
    while (slots[at] != null) {
      at = (at + 1) & mask;
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

  private static int hash(long high, long low) {
    long mixed = (high ^ (low * 0x9e3779b97f4a7c15L)) * 0xbf58476d1ce4e5b9L;
    return (int) (mixed ^ (mixed >>> 32));
  }
}
