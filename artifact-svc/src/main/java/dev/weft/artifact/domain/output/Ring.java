package dev.weft.artifact.domain.output;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of a log, without holes, found by number. What is evicted is the owner's
 * choice.
 */
final class Ring {

  private static final int SLOTS = 16;

  private @Nullable Entry[] slots = new Entry[SLOTS];
  private int head;
  private int size;
  private long cost;

  void add(Entry entry) {
    if (size == slots.length) {
      resize(size * 2);
    }
    slots[(head + size) % slots.length] = entry;
    size++;
    cost += entry.cost();
  }

  /** Drops the oldest entries up to the number until the rest costs no more than this. */
  void evict(long upTo, long most) {
    while (size > 0 && cost > most && at(0).last() <= upTo) {
      cost -= at(0).cost();
      slots[head] = null;
      head = (head + 1) % slots.length;
      size--;
    }
    if (slots.length > SLOTS && size < slots.length / 4) {
      resize(slots.length / 2);
    }
  }

  long cost() {
    return cost;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The oldest number that is here. */
  long first() {
    return at(0).first();
  }

  /** Entries that end after the number, at least one if there are any, up to so much cost. */
  List<Entry> after(long number, long most) {
    List<Entry> found = new ArrayList<>();
    long taken = 0;
    for (int i = indexAfter(number); i < size; i++) {
      Entry entry = at(i);
      if (!found.isEmpty() && taken + entry.cost() > most) {
        break;
      }
      taken += entry.cost();
      found.add(entry);
    }
    return found;
  }

  private int indexAfter(long number) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).last() <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Entry at(int index) {
    Entry entry = slots[(head + index) % slots.length];
    if (entry == null) {
      throw new IllegalStateException("ring: nothing at " + index + " of " + size);
    }
    return entry;
  }

  private void resize(int length) {
    ArrayDeque<Entry> kept = new ArrayDeque<>(size);
    for (int i = 0; i < size; i++) {
      kept.add(at(i));
    }
    slots = kept.toArray(new Entry[Math.max(length, SLOTS)]);
    head = 0;
  }
}
