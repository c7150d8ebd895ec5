package dev.weft.router.domain.cell;

/**
 * A tenant's place within a class: whoever holds the least for its weight comes first, and of those
 * who hold alike the one that was served least. So each gets its share of what runs, however long
 * its tasks are and however many wait; who was idle saves nothing up.
 */
final class TenantLine extends IndexedHeap.Item<TenantLine> {

  /** One lease's worth of virtual time at weight 1; divisible by many weights. */
  private static final long TURN = 5_040;

  /** Who names less than half a core takes a whole slot all the same; a noop names none. */
  private static final long LEAST = 500;

  /** Streams with something to place, the lowest head first. */
  final IndexedHeap<TaskStream> streams = new IndexedHeap<>();

  private final int weight;

  /** Milli-CPU of its open leases, see {@link #size}. */
  private long held;

  /** Virtual time of its next turn. */
  private long turn;

  TenantLine(int weight) {
    this.weight = weight;
  }

  static long size(TaskStream stream) {
    long cpu = stream.shape.need.resources().cpuMilli();
    return cpu == 0 ? 1 : Math.max(LEAST, cpu);
  }

  /** It has something to place again: its turn is not before that of those who never paused. */
  void resume(long classTurn) {
    turn = Math.max(turn, classTurn);
  }

  /**
   * @return the virtual time at which it was served
   */
  long served(TaskStream stream) {
    long at = turn;
    turn += TURN * size(stream) / weight;
    return at;
  }

  void hold(TaskStream stream) {
    held += size(stream);
  }

  void release(TaskStream stream) {
    held -= size(stream);
  }

  @Override
  boolean sortsBefore(TenantLine other) {
    long mine = held * other.weight;
    long theirs = other.held * weight;
    if (mine != theirs) {
      return mine < theirs;
    }
    if (turn != other.turn) {
      return turn < other.turn;
    }
    TaskStream first = streams.peek();
    TaskStream second = other.streams.peek();
    return first != null && (second == null || first.sortsBefore(second));
  }
}
