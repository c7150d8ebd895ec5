package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every worker that the registry has shown, that is connected, or that holds a lease. */
final class Fleet {

  private final Map<WorkerId, Worker> workers = new HashMap<>();
  private final List<@Nullable Worker> byOrdinal = new ArrayList<>();
  private final ArrayDeque<Integer> freeOrdinals = new ArrayDeque<>();
  private final List<WorkerSlot> freed = new ArrayList<>();
  private @Nullable List<WorkerSlot> slots;
  private long version;
  private long revision;

  @Nullable Worker find(WorkerId id) {
    return workers.get(id);
  }

  Worker get(WorkerId id) {
    Worker known = workers.get(id);
    if (known != null) {
      return known;
    }
    Integer reused = freeOrdinals.poll();
    int ordinal = reused == null ? byOrdinal.size() : reused;
    Worker worker = new Worker(new WorkerSlot(id, ordinal));
    if (reused == null) {
      byOrdinal.add(worker);
    } else {
      byOrdinal.set(ordinal, worker);
    }
    workers.put(id, worker);
    slots = null;
    changed();
    return worker;
  }

  Worker of(WorkerSlot slot) {
    Worker worker = byOrdinal.get(slot.ordinal());
    if (worker == null) {
      throw new IllegalStateException("slot of a forgotten worker: " + slot.id());
    }
    return worker;
  }

  Collection<Worker> all() {
    return workers.values();
  }

  /** In the order of their ids. */
  List<WorkerSlot> slots() {
    List<WorkerSlot> known = slots;
    if (known == null) {
      known =
          workers.values().stream()
              .map(worker -> worker.slot)
              .sorted(Comparator.comparing(WorkerSlot::id))
              .toList();
      slots = known;
    }
    return known;
  }

  /**
   * The registry's newest word. That it has lost a worker whose work stream stands is more often
   * its own restart than the worker's fault, so that is believed only after a while.
   *
   * @param believedAt when such a word counts, on the monotonic clock
   */
  void show(WorkerView view, long atRevision, long believedAt) {
    revision = Math.max(revision, atRevision);
    Worker worker = get(view.id());
    WorkerView known = worker.slot.view();
    if (known != null
        && known.verdict().status() == Verdict.Status.READY
        && view.verdict().status() == Verdict.Status.OFFLINE
        && worker.link != null) {
      if (worker.doubted == null) {
        worker.doubtedUntil = believedAt;
      }
      worker.doubted = view.verdict();
      place(worker, view.with(known.verdict()));
    } else {
      worker.doubted = null;
      place(worker, view);
    }
  }

  /** What was doubted has not been taken back: it counts. */
  void believe(Worker worker) {
    Verdict verdict = worker.doubted;
    WorkerView view = worker.slot.view();
    worker.doubted = null;
    if (verdict != null && view != null) {
      place(worker, view.with(verdict));
    }
  }

  private void place(Worker worker, WorkerView view) {
    if (!view.equals(worker.slot.view())) {
      worker.slot.view(view);
      changed();
    }
  }

  /** The registry has forgotten it; the cell does so once nothing else holds it. */
  void hide(WorkerId id, long atRevision) {
    revision = Math.max(revision, atRevision);
    Worker worker = workers.get(id);
    if (worker != null && worker.slot.view() != null) {
      worker.slot.view(null);
      changed();
      forgetIfUnused(worker);
    }
  }

  void forgetIfUnused(Worker worker) {
    if (worker.slot.view() == null
        && worker.link == null
        && worker.open() == 0
        && !worker.haunted()
        && worker.drain == WorkerDrain.Stage.NONE
        && workers.remove(worker.id(), worker)) {
      slots = null;
      byOrdinal.set(worker.slot.ordinal(), null);
      freeOrdinals.add(worker.slot.ordinal());
      freed.remove(worker.slot);
      changed();
    }
  }

  /** Something that the filter or a fixed term looks at is different now. */
  void changed() {
    version++;
  }

  long version() {
    return version;
  }

  long revision() {
    return revision;
  }

  /** It has more room than before. */
  void freed(Worker worker) {
    if (!worker.freed) {
      worker.freed = true;
      freed.add(worker.slot);
    }
  }

  /** Freed since the last complete round of dispatch. */
  List<WorkerSlot> freed() {
    return freed;
  }

  void roundComplete() {
    for (WorkerSlot slot : freed) {
      of(slot).freed = false;
    }
    freed.clear();
  }
}
