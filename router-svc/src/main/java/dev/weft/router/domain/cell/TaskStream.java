package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import org.jspecify.annotations.Nullable;

/**
 * Waiting tasks that are alike to placement, in the order of their seq. Tasks of a stream that are
 * ready expire in the same order when all have the class's own expiry; others are timed one by one.
 */
final class TaskStream extends IndexedHeap.Item<TaskStream> {

  /** Where the ready index keeps it. */
  enum Place {
    IDLE,
    RUNNABLE,
    PARKED
  }

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

  /** It is tokens of its budget that it waits for. */
  boolean lacksTokens;

  /** Its tenant's limits hold its head back. */
  boolean limited;

  /** Attempts of others that are being ended so that its tasks find room. */
  int claims;

  /** Its tasks that wait for their users' limits, and not in it. */
  int withheld;

  private final TaskQueue queue = new TaskQueue();

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
    return queue.length();
  }

  /** As {@link TaskQueue#append}. */
  void append(TaskEntry entry) {
    queue.append(entry);
  }

  void giveBack(TaskEntry entry) {
    queue.giveBack(entry);
  }

  /** The first that still waits; null when none does. */
  @Nullable TaskEntry peek() {
    return queue.peek();
  }

  /** Takes out what {@link #peek} has just answered. */
  void take(TaskEntry entry) {
    queue.take(entry);
  }

  /** A task in it has ended. */
  void died() {
    queue.died();
  }
}
