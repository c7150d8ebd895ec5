package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The registry's last word on every worker. Outlives the stream that it came by and the cells that
 * it is told to, so placement goes on while the registry is away and starts at once after a
 * takeover. Thread-safe.
 */
public final class FleetBook {

  private final CellInbox inbox;
  private final PriceLog prices;
  private final Map<WorkerId, Entry> entries = new HashMap<>();
  private final Set<WorkerId> unseen = new HashSet<>();

  public FleetBook(CellInbox inbox, PriceLog prices) {
    this.inbox = inbox;
    this.prices = prices;
  }

  /** A stream starts anew with every worker: who is not shown until its end is gone. */
  public synchronized void beginSnapshot() {
    unseen.clear();
    unseen.addAll(entries.keySet());
  }

  public synchronized void endSnapshot(long revision) {
    for (WorkerId gone : List.copyOf(unseen)) {
      hide(gone, revision);
    }
    unseen.clear();
  }

  public synchronized void show(WorkerView view, long revision) {
    unseen.remove(view.id());
    // Before the cell can place on it, so that no attempt begins before its price.
    prices.see(view);
    entries.put(view.id(), new Entry(view, revision));
    inbox.tellNow(cell -> cell.show(view, revision), denial -> {});
  }

  public synchronized void hide(WorkerId worker, long revision) {
    unseen.remove(worker);
    if (entries.remove(worker) != null) {
      prices.hide(worker);
      inbox.tellNow(cell -> cell.hide(worker, revision), denial -> {});
    }
  }

  /** Shows a new cell everything at once; on the cell's thread. */
  public synchronized void showAll(Cell cell) {
    entries.values().forEach(entry -> cell.show(entry.view, entry.revision));
  }

  /** Workers that the registry knows. */
  public synchronized int size() {
    return entries.size();
  }

  private record Entry(WorkerView view, long revision) {}
}
