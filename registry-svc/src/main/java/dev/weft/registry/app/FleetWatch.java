package dev.weft.registry.app;

import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetChange;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One watcher's way through the fleet: what stood when it came, a marker, then changes. Holds no
 * more than the fleet at the start and one batch afterwards: whoever is slow skips to the newest
 * state of each worker. Used by one thread.
 */
final class FleetWatch {

  private static final int BATCH = 256;

  private final Watcher watcher;
  private final Fleet fleet;
  private final Deque<FleetStep> queue = new ArrayDeque<>();
  private long cursor;
  private long lastProgress;
  private boolean over;

  FleetWatch(Watcher watcher, Fleet fleet, Collection<FleetChange> first, long nanos) {
    this.watcher = watcher;
    this.fleet = fleet;
    this.cursor = fleet.revision();
    this.lastProgress = nanos;
    first.forEach(change -> queue.add(new FleetStep.Changed(change)));
    queue.add(new FleetStep.CaughtUp(cursor, fleet.epoch()));
  }

  /** Tells as much as the watcher takes. */
  void pump(FleetKeeper keeper, long nanos) {
    while (!over && watcher.ready()) {
      FleetStep step = next(keeper);
      if (step == null) {
        return;
      }
      watcher.tell(step);
      lastProgress = nanos;
    }
  }

  /** Whether something waits for the watcher. */
  boolean behind(FleetKeeper keeper) {
    refill(keeper);
    return !queue.isEmpty();
  }

  long quietNanos(long nanos) {
    return nanos - lastProgress;
  }

  void tellIdle(long nanos) {
    watcher.tell(new FleetStep.Idle(cursor));
    lastProgress = nanos;
  }

  Watcher watcher() {
    return watcher;
  }

  Fleet fleet() {
    return fleet;
  }

  void finish() {
    over = true;
  }

  private @Nullable FleetStep next(FleetKeeper keeper) {
    refill(keeper);
    return queue.poll();
  }

  private void refill(FleetKeeper keeper) {
    if (!queue.isEmpty()) {
      return;
    }
    keeper
        .peek(mine -> mine == fleet ? mine.changesAfter(cursor, BATCH) : null)
        .ifPresent(
            changes -> {
              for (FleetChange change : changes) {
                queue.add(new FleetStep.Changed(change));
                cursor = change.revision();
              }
            });
  }
}
