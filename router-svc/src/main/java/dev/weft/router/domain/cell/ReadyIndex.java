package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order of the cell: classes first, inside a class the tenants by their shares, inside a tenant
 * the lowest seq among the heads of its streams. Every so many leases one goes to an overdue head
 * of a lower class, the classes in turn, so that none starves. A stream whose head found no worker
 * is parked until something changes for its shape, so the cost of a dispatch does not grow with
 * what waits in vain.
 */
final class ReadyIndex {

  private static final PriorityClass[] CLASSES = PriorityClass.values();

  private final List<ClassQueue> queues = new ArrayList<>();
  private final List<TaskStream> parked = new ArrayList<>();
  private final int agedEvery;

  /** Leases since the last that went to an overdue head of a lower class. */
  private int sinceAged;

  /** The class that was aged last. */
  private int lastAged;

  private boolean polledAged;

  /**
   * @param weights of tenants
   * @param agedEvery of so many leases one goes to an overdue head of a lower class
   */
  ReadyIndex(ToIntFunction<String> weights, int agedEvery) {
    this.agedEvery = agedEvery;
    for (int i = 0; i < CLASSES.length; i++) {
      queues.add(new ClassQueue(weights));
    }
  }

  /** A new task; its seq is the highest of all. */
  void add(TaskEntry entry) {
    entry.stream.append(entry);
    TaskStream stream = entry.stream;
    if (stream.place == TaskStream.Place.PARKED && stream.priority == PriorityClass.P0) {
      // One more that waits may be worth one more preemption.
      parked.remove(stream);
      offer(stream);
    } else if (stream.place == TaskStream.Place.IDLE) {
      offer(stream);
    }
  }

  /** A task that waits again, at its old place. */
  void giveBack(TaskEntry entry) {
    TaskStream stream = entry.stream;
    stream.giveBack(entry);
    if (stream.place == TaskStream.Place.IDLE) {
      offer(stream);
    } else if (stream.place == TaskStream.Place.RUNNABLE && entry.seq() < stream.queuedSeq) {
      queue(stream).remove(stream);
      offer(stream);
    }
  }

  /**
   * The stream whose head is next; it is the caller's until it offers or parks it.
   *
   * @param nowMillis database time
   */
  @Nullable TaskStream poll(long nowMillis) {
    TaskStream stream = aged(nowMillis);
    polledAged = stream != null;
    for (int i = 0; stream == null && i < CLASSES.length; i++) {
      stream = queues.get(i).peek();
    }
    if (stream != null) {
      queue(stream).remove(stream);
      stream.place = TaskStream.Place.IDLE;
    }
    return stream;
  }

  /** What waits longest in the lower class whose turn it is; null when none is due. */
  private @Nullable TaskStream aged(long nowMillis) {
    if (sinceAged < agedEvery - 1) {
      return null;
    }
    int first = 0;
    while (first < CLASSES.length && queues.get(first).isEmpty()) {
      first++;
    }
    for (int step = 1; step <= CLASSES.length; step++) {
      int code = (lastAged + step) % CLASSES.length;
      TaskStream eldest = queues.get(code).eldest();
      TaskEntry head = eldest == null ? null : eldest.peek();
      if (code > first && head != null && overdue(head, nowMillis)) {
        lastAged = code;
        return eldest;
      }
    }
    return null;
  }

  /** By its class's deadline: one of its own neither hastens a task nor holds others back. */
  static boolean overdue(TaskEntry task, long nowMillis) {
    return task.ageMillis(nowMillis) > task.stream.priority.deadline().toMillis();
  }

  /** Whether what was polled last went before higher classes, since it waits too long. */
  boolean polledAged() {
    return polledAged;
  }

  /**
   * The head of what was polled last got a lease.
   *
   * @return whether it went before a higher class because it was overdue
   */
  boolean leased(TaskStream stream) {
    queue(stream).leased(stream);
    sinceAged = polledAged ? 0 : Math.min(sinceAged + 1, agedEvery);
    return polledAged;
  }

  /** A lease from before this placer's time. */
  void held(TaskStream stream) {
    queue(stream).hold(stream);
  }

  /** A lease is over. */
  void released(TaskStream stream) {
    queue(stream).released(stream);
  }

  /** Takes a stream up, if something waits in it. */
  void offer(TaskStream stream) {
    TaskEntry first = stream.peek();
    if (first == null) {
      stream.place = TaskStream.Place.IDLE;
      return;
    }
    stream.queuedSeq = first.seq();
    stream.place = TaskStream.Place.RUNNABLE;
    queue(stream).add(stream);
  }

  void park(TaskStream stream) {
    stream.place = TaskStream.Place.PARKED;
    parked.add(stream);
  }

  /** Puts parked streams back into the order. */
  void unpark(Predicate<TaskStream> which) {
    int kept = 0;
    for (int i = 0; i < parked.size(); i++) {
      TaskStream stream = parked.get(i);
      if (stream.peek() == null || which.test(stream)) {
        offer(stream);
      } else {
        parked.set(kept++, stream);
      }
    }
    parked.subList(kept, parked.size()).clear();
  }

  /** One of which nothing is open. */
  void forget(String tenant) {
    parked.removeIf(stream -> stream.shape.tenant.equals(tenant));
    queues.forEach(queue -> queue.forget(tenant));
  }

  boolean anyParked() {
    return !parked.isEmpty();
  }

  private ClassQueue queue(TaskStream stream) {
    return queues.get(stream.priority.code());
  }
}
