package dev.weft.router.app;

/**
 * A place in the event log: a commit and the index inside its tenant's row.
 *
 * @param index -1 stands before the row's first
 */
public record EventCursor(long commit, int index) implements Comparable<EventCursor> {

  public static final EventCursor START = new EventCursor(0, -1);

  @Override
  public int compareTo(EventCursor other) {
    int byCommit = Long.compare(commit, other.commit);
    return byCommit != 0 ? byCommit : Integer.compare(index, other.index);
  }
}
