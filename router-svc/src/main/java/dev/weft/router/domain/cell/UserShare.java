package dev.weft.router.domain.cell;

import dev.weft.router.domain.limit.Amount;
import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.shard.UserKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the open attempts of one user hold, and its tasks that wait until they hold less: a queue
 * for each stream, since one that needs less may go while one that needs more may not.
 *
 * <p>INVARIANT: a task is in one of these queues if and only if it is {@link TaskEntry#withheld}.
 */
final class UserShare {

  final int code;
  final UserKey user;

  /** Open tasks. */
  int open;

  private Level used = Level.NONE;
  private final Map<TaskStream, TaskQueue> queues = new HashMap<>(2);
  private int withheld;

  /** What was refused and goes before the user's other work of its rank and below. */
  private @Nullable Refused first;

  /** A task that the user's limit refused. */
  private record Refused(TaskEntry task, int rank) {

    /** Whether it still waits for nothing but the limit, or has its turn in this very round. */
    boolean holdsBack() {
      return task.withheld()
          || (task.waiting() && task.stream.place == TaskStream.Place.RUNNABLE && !task.delayed());
    }
  }

  UserShare(int code, UserKey user) {
    this.code = code;
    this.user = user;
  }

  void opened(TaskStream stream) {
    used = used.plus(need(stream));
  }

  void closed(TaskStream stream) {
    used = used.minus(need(stream));
  }

  Level used() {
    return used;
  }

  /** How many of its tasks wait for its limit alone. */
  int withheld() {
    return withheld;
  }

  /** Whether this task, the head of its stream, must let others of its user go first. */
  boolean goesBehind(TaskEntry task, int rank) {
    TaskQueue queue = queues.get(task.stream);
    TaskEntry before = queue == null ? null : queue.peek();
    if (before != null && before.seq() < task.seq()) {
      return true;
    }
    return first != null
        && first.task.stream != task.stream
        && rank >= first.rank
        && first.holdsBack();
  }

  /** How many more of these fit below the limit, if others let them go first. */
  long room(TaskStream stream, Level limit) {
    return Amount.fits(need(stream), limit.minus(used));
  }

  /** It does not fit now: what is more urgent than what was refused before goes first. */
  void refused(TaskEntry task, int rank, Level limit) {
    Refused known = first;
    if (known != null && known.task == task) {
      first = new Refused(task, Math.min(rank, known.rank));
    } else if (possible(task.stream, limit)
        && (known == null || !known.holdsBack() || rank < known.rank)) {
      first = new Refused(task, rank);
    }
  }

  /** It has left its stream and waits here. */
  void withhold(TaskEntry task) {
    task.withheld(true);
    task.stream.withheld++;
    withheld++;
    queues.computeIfAbsent(task.stream, stream -> new TaskQueue()).put(task);
  }

  /** A withheld task has ended. */
  void died(TaskEntry task) {
    letGo(task);
    TaskQueue queue = queues.get(task.stream);
    if (queue != null) {
      queue.died();
      if (queue.peek() == null) {
        queues.remove(task.stream);
      }
    }
  }

  private void letGo(TaskEntry task) {
    task.withheld(false);
    task.stream.withheld--;
    withheld--;
  }

  /**
   * Takes out what fits now of the stream whose first is the most urgent: it has its turn alone,
   * and others look again after that. What needs more than the whole limit holds nothing back.
   *
   * @param limit null when nothing bounds the user any more
   * @param rank how urgent a task is; the less, the more
   * @param most so many at once
   */
  List<TaskEntry> release(@Nullable Level limit, ToIntFunction<TaskEntry> rank, int most) {
    first = mostUrgent(limit, rank);
    List<TaskEntry> out = new ArrayList<>();
    if (first != null) {
      TaskStream stream = first.task.stream;
      long fit = limit == null ? most : Math.min(most, room(stream, limit));
      for (TaskEntry next = first(stream); next != null && out.size() < fit; next = first(stream)) {
        take(next);
        out.add(next);
      }
    }
    return out;
  }

  /** How many streams have a task here: so many a {@link #release} looks at. */
  int queues() {
    return queues.size();
  }

  private @Nullable Refused mostUrgent(@Nullable Level limit, ToIntFunction<TaskEntry> rank) {
    Refused best = null;
    for (TaskEntry head : heads()) {
      if (limit == null || possible(head.stream, limit)) {
        int its = rank.applyAsInt(head);
        if (best == null || its < best.rank || (its == best.rank && head.seq() < best.task.seq())) {
          best = new Refused(head, its);
        }
      }
    }
    return best;
  }

  /** What waited has been given its turn, so another look is due after that. */
  boolean turnGiven() {
    return first != null && !first.task.withheld();
  }

  private void take(TaskEntry task) {
    TaskQueue queue = queues.get(task.stream);
    if (queue != null) {
      queue.take(task);
      letGo(task);
      if (queue.peek() == null) {
        queues.remove(task.stream);
      }
    }
  }

  /** The first that waits here of this stream. */
  private @Nullable TaskEntry first(TaskStream stream) {
    TaskQueue queue = queues.get(stream);
    return queue == null ? null : queue.peek();
  }

  /** The first of each stream that wait here, in no order. */
  List<TaskEntry> heads() {
    List<TaskEntry> heads = new ArrayList<>(queues.size());
    for (TaskQueue queue : queues.values()) {
      TaskEntry head = queue.peek();
      if (head != null) {
        heads.add(head);
      }
    }
    return heads;
  }

  static boolean possible(TaskStream stream, Level limit) {
    return Amount.lacking(need(stream), limit).isEmpty();
  }

  static Level need(TaskStream stream) {
    return Level.of(stream.shape.need.resources());
  }
}
