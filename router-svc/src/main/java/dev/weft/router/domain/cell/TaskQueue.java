package dev.weft.router.domain.cell;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Waiting tasks in the order of their seq: a linked queue for new ones, whose seq only grows, and a
 * heap for those that come back. A task stands in one queue at most.
 */
final class TaskQueue {

  private static final int DEAD_BEFORE_SWEEP = 1_024;

  private @Nullable TaskEntry head;
  private @Nullable TaskEntry tail;
  private @Nullable PriorityQueue<TaskEntry> returned;
  private int dead;
  private int queued;

  /** How many wait in it. */
  int length() {
    return Math.max(0, queued + (returned == null ? 0 : returned.size()) - dead);
  }

  /** Seq must be above all before; never had an attempt. */
  void append(TaskEntry entry) {
    entry.next(null);
    if (tail == null) {
      head = entry;
    } else {
      tail.next(entry);
    }
    tail = entry;
    queued++;
  }

  /** Wherever its seq belongs. */
  void put(TaskEntry entry) {
    boolean last = tail == null || tail.seq() < entry.seq();
    if (last && entry.attempt() == null) {
      append(entry);
    } else {
      giveBack(entry);
    }
  }

  /** At its old place. */
  void giveBack(TaskEntry entry) {
    if (returned == null) {
      returned = new PriorityQueue<>(Comparator.comparingLong(TaskEntry::seq));
    }
    returned.add(entry);
  }

  /** The first that still waits; null when none does. */
  @Nullable TaskEntry peek() {
    TaskEntry first = firstNew();
    TaskEntry back = firstReturned();
    if (first == null || back == null) {
      return first == null ? back : first;
    }
    return first.seq() < back.seq() ? first : back;
  }

  /** Takes out what {@link #peek} has just answered. */
  void take(TaskEntry entry) {
    if (entry == head) {
      dropHead();
    } else if (returned != null) {
      returned.poll();
    }
  }

  /** A task in the queue has ended; its place is given up when the queue gets there, or earlier. */
  void died() {
    dead++;
    if (dead > DEAD_BEFORE_SWEEP && dead > queued / 2) {
      sweep();
    }
  }

  private @Nullable TaskEntry firstNew() {
    while (head != null && !head.waiting()) {
      dropHead();
      dead = Math.max(0, dead - 1);
    }
    return head;
  }

  private @Nullable TaskEntry firstReturned() {
    if (returned == null) {
      return null;
    }
    TaskEntry first = returned.peek();
    while (first != null && !first.waiting()) {
      returned.poll();
      dead = Math.max(0, dead - 1);
      first = returned.peek();
    }
    return first;
  }

  private void dropHead() {
    TaskEntry first = head;
    if (first == null) {
      return;
    }
    head = first.next();
    first.next(null);
    queued--;
    if (head == null) {
      tail = null;
    }
  }

  private void sweep() {
    TaskEntry entry = head;
    head = null;
    tail = null;
    queued = 0;
    while (entry != null) {
      TaskEntry following = entry.next();
      if (entry.waiting()) {
        append(entry);
      } else {
        entry.next(null);
      }
      entry = following;
    }
    if (returned != null) {
      returned.removeIf(task -> !task.waiting());
    }
    dead = 0;
  }
}
