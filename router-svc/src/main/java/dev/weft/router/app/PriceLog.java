package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What workers were seen to cost, and since when, on this replica: a standby knows it too, so what
 * a placer had no time to store is stored by the next. Thread-safe, never blocks.
 */
public final class PriceLog {

  private final Ticker ticker;
  private final Map<WorkerId, Entry> entries = new HashMap<>();
  private long version;

  public PriceLog(Ticker ticker) {
    this.ticker = ticker;
  }

  synchronized void see(WorkerView view) {
    Entry known = entries.get(view.id());
    if (known == null || !known.costs(view)) {
      entries.put(view.id(), new Entry(view, ticker.nanos(), false));
      version++;
    } else if (known.hidden) {
      entries.put(view.id(), new Entry(view, known.since, false));
    }
  }

  /** It is remembered until it has been stored. */
  synchronized void hide(WorkerId worker) {
    entries.computeIfPresent(worker, (id, entry) -> new Entry(entry.view, entry.since, true));
  }

  /** Everything that is known now. */
  synchronized Snapshot snapshot() {
    long now = ticker.nanos();
    return new Snapshot(version, entries.values().stream().map(entry -> entry.price(now)).toList());
  }

  /** Other than {@link Snapshot#version}: something has changed since. */
  synchronized long version() {
    return version;
  }

  /** What this shows is stored. */
  synchronized void stored(Snapshot snapshot) {
    if (snapshot.version == version) {
      entries.values().removeIf(entry -> entry.hidden);
    }
  }

  record Snapshot(long version, List<SeenPrice> prices) {}

  private record Entry(WorkerView view, long since, boolean hidden) {

    boolean costs(WorkerView other) {
      return view.site().microsPerHour() == other.site().microsPerHour()
          && view.site().currency().equals(other.site().currency());
    }

    SeenPrice price(long now) {
      return new SeenPrice(
          view.id(),
          view.name(),
          view.site().microsPerHour(),
          view.site().currency(),
          Duration.ofNanos(now - since));
    }
  }
}
