package dev.weft.router.domain.replay;

import java.util.PriorityQueue;

/**
 * What is to happen when, on the virtual clock; of one moment in the order in which it was said.
 */
final class Agenda {

  static final long NEVER = Long.MAX_VALUE;

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long number;

  void at(long nanos, Runnable what) {
    entries.add(new Entry(nanos, number++, what));
  }

  /** When the next is due; {@link #NEVER} if nothing is. */
  long next() {
    Entry first = entries.peek();
    return first == null ? NEVER : first.nanos;
  }

  /** Does what is due. */
  void run(long now) {
    for (Entry first = entries.peek();
        first != null && first.nanos <= now;
        first = entries.peek()) {
      entries.remove().what.run();
    }
  }

  private record Entry(long nanos, long number, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
