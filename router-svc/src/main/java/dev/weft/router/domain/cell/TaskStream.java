package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Waiting tasks that are alike to placement, in the order of their seq: a linked queue for new
 * ones, whose seq only grows, and a heap for those that come back. Tasks of a stream that are ready
 * expire in the same order when all have the class's own expiry; others are timed one by one.
 */
final class TaskStream extends IndexedHeap.Item<TaskStream> {

  /** Where the ready index keeps it. */
  enum Place {
    IDLE,
    RUNNABLE,
    PARKED
  }

  private static final int DEAD_BEFORE_SWEEP = 1_024;

  final PriorityClass priority;
  final Shape shape;
  final RetryTerms retry;
  final boolean ownExpiry;

  Place place = Place.IDLE;

  /** The head's seq when the index took it up. */
  long queuedSeq;

  /** Open tasks that belong to it. */
  int open;

  /** Its tenant's place in its class, once the ready index has found it. */
  @Nullable TenantLine line;

  /** Its place by age. */
  final Elder elder = new Elder(this);

  /** Its head would have taken what is kept for P0. */
  boolean kept;

  /** Its tenant can't pay for its head. */
  boolean unfunded;

  /** Its tenant's limits hold its head back. */
  boolean limited;

  /** Attempts of others that are being ended so that its tasks find room. */
  int claims;

  private @Nullable TaskEntry head;
  private @Nullable TaskEntry tail;
  private @Nullable PriorityQueue<TaskEntry> returned;
  private int dead;
  private int queued;

  TaskStream(PriorityClass priority, Shape shape, RetryTerms retry, boolean ownExpiry) {
    this.priority = priority;
    this.shape = shape;
    this.retry = retry;
    this.ownExpiry = ownExpiry;
  }

  @Override
  boolean sortsBefore(TaskStream other) {
    return queuedSeq < other.queuedSeq;
  }

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

  void giveBack(TaskEntry entry) {
    if (returned == null) {
      returned = new PriorityQueue<>(Comparator.comparingLong((TaskEntry task) -> task.seq));
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
    return first.seq < back.seq ? first : back;
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
