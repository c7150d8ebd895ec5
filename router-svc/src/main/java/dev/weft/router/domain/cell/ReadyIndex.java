package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The order of the cell: classes first, inside a class the lowest seq among the heads of its
 * streams. A stream whose head found no worker is parked until something changes for its shape, so
 * the cost of a dispatch does not grow with what waits in vain.
 */
final class ReadyIndex {

  private final List<PriorityQueue<TaskStream>> runnable = new ArrayList<>();
  private final List<TaskStream> parked = new ArrayList<>();

  ReadyIndex() {
    for (PriorityClass ignored : PriorityClass.values()) {
      runnable.add(
          new PriorityQueue<>(Comparator.comparingLong((TaskStream stream) -> stream.queuedSeq)));
    }
  }

  /** A new task; its seq is the highest of all. */
  void add(TaskEntry entry) {
    entry.stream.append(entry);
    if (entry.stream.place == TaskStream.Place.IDLE) {
      offer(entry.stream);
    }
  }

  /** A task that waits again, at its old place. */
  void giveBack(TaskEntry entry) {
    TaskStream stream = entry.stream;
    stream.giveBack(entry);
    if (stream.place == TaskStream.Place.IDLE) {
      offer(stream);
    } else if (stream.place == TaskStream.Place.RUNNABLE && entry.seq < stream.queuedSeq) {
      runnable.get(stream.priority.code()).remove(stream);
      offer(stream);
    }
  }

  /** The class's stream with the lowest head; it is the caller's until it offers or parks it. */
  @Nullable TaskStream poll(PriorityClass priority) {
    TaskStream stream = runnable.get(priority.code()).poll();
    if (stream != null) {
      stream.place = TaskStream.Place.IDLE;
    }
    return stream;
  }

  /** Takes a stream up, if something waits in it. */
  void offer(TaskStream stream) {
    TaskEntry first = stream.peek();
    if (first == null) {
      stream.place = TaskStream.Place.IDLE;
      return;
    }
    stream.queuedSeq = first.seq;
    stream.place = TaskStream.Place.RUNNABLE;
    runnable.get(stream.priority.code()).add(stream);
  }

  void park(TaskStream stream) {
    stream.place = TaskStream.Place.PARKED;
    parked.add(stream);
  }

  /** Puts parked streams back into the order. */
  void unpark(Predicate<Shape> which) {
    int kept = 0;
    for (int i = 0; i < parked.size(); i++) {
      TaskStream stream = parked.get(i);
      if (stream.peek() == null || which.test(stream.shape)) {
        offer(stream);
      } else {
        parked.set(kept++, stream);
      }
    }
    parked.subList(kept, parked.size()).clear();
  }

  boolean anyParked() {
    return !parked.isEmpty();
  }
}
