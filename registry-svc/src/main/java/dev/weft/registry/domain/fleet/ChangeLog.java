package dev.weft.registry.domain.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The newest change of every worker, in the order of revisions: a log that holds one entry a
 * worker, so its size is that of the fleet however fast the fleet changes, and a watch can resume
 * from any revision. Only removals would pile up; beyond a bound the oldest is dropped, and who
 * stood before it has to start anew.
 */
final class ChangeLog {

  private final NavigableMap<Long, FleetChange> newest = new TreeMap<>();
  private final Map<WorkerId, Long> where = new HashMap<>();
  private final Deque<Long> removals = new ArrayDeque<>();
  private final int mostRemovals;
  private long revision;
  private long reach;

  ChangeLog(long epoch, int mostRemovals) {
    this.revision = Revision.first(epoch);
    this.reach = revision;
    this.mostRemovals = mostRemovals;
  }

  /** Gives the worker's view the next revision. */
  WorkerView changed(WorkerId id, LongFunction<WorkerView> viewAt) {
    WorkerView view = viewAt.apply(revision + 1);
    append(new FleetChange.Seen(view));
    return view;
  }

  void removed(WorkerId id) {
    append(new FleetChange.Removed(id, revision + 1));
    removals.addLast(revision);
    if (removals.size() > mostRemovals) {
      long dropped = removals.removeFirst();
      FleetChange change = newest.get(dropped);
      if (change instanceof FleetChange.Removed) {
        newest.remove(dropped);
        where.remove(change.id(), dropped);
      }
      reach = dropped;
    }
  }

  /** What watchers were last shown of the worker. */
  WorkerView view(WorkerId id) {
    Long at = where.get(id);
    if (at != null && newest.get(at) instanceof FleetChange.Seen(WorkerView view)) {
      return view;
    }
    throw new IllegalStateException("a worker in the fleet was never shown: " + id);
  }

  List<WorkerView> all() {
    List<WorkerView> views = new ArrayList<>(newest.size());
    for (FleetChange change : newest.values()) {
      if (change instanceof FleetChange.Seen(WorkerView view)) {
        views.add(view);
      }
    }
    return views;
  }

  long revision() {
    return revision;
  }

  /** Whether everything that changed after this revision is still known. */
  boolean reaches(long after) {
    return after >= reach && after <= revision;
  }

  List<FleetChange> after(long after, int limit) {
    Collection<FleetChange> later = newest.tailMap(after, false).values();
    List<FleetChange> changes = new ArrayList<>();
    for (FleetChange change : later) {
      if (changes.size() == limit) {
        break;
      }
      changes.add(change);
    }
    return changes;
  }

  private void append(FleetChange change) {
    revision = change.revision();
    Long before = where.put(change.id(), revision);
    if (before != null) {
      newest.remove(before);
    }
    newest.put(revision, change);
  }
}
