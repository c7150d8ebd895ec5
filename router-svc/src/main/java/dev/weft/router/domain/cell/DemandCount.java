package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.PriorityClass;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts demand from memory: its cost grows with what runs and with the shapes, not with what
 * waits.
 */
final class DemandCount {

  private final CellCore core;
  private final Map<TaskStream, Integer> running = new HashMap<>();
  private final Map<String, LevelAccount.Room> rooms = new HashMap<>();

  private record Key(Requirements need, PriorityClass priority) {}

  DemandCount(CellCore core) {
    this.core = core;
  }

  List<DemandOfShape> all() {
    for (Worker worker : core.fleet.all()) {
      for (Attempt attempt : worker.openAttempts()) {
        running.merge(attempt.task.stream, 1, Integer::sum);
      }
    }
    Map<Key, DemandOfShape> sums = new LinkedHashMap<>();
    for (Shape shape : core.shapes.all()) {
      for (TaskStream stream : shape.streams) {
        if (stream.open > 0) {
          sums.merge(new Key(shape.need, stream.priority), of(shape, stream), DemandOfShape::plus);
        }
      }
    }
    return List.copyOf(sums.values());
  }

  /** How many of so many their tenant's limits leave room for, beside those counted before. */
  private int startable(TaskStream stream, int waiting) {
    LevelAccount account = core.levels.of(stream.shape.tenant);
    return account == null
        ? waiting
        : rooms
            .computeIfAbsent(stream.shape.tenant, tenant -> account.free())
            .take(stream, waiting);
  }

  private DemandOfShape of(Shape shape, TaskStream stream) {
    int runs = running.getOrDefault(stream, 0);
    if (stream.unfunded) {
      // More workers would not let it start.
      return new DemandOfShape(shape.need, stream.priority, 0, runs, 0);
    }
    // What limits of its tenant or of users hold back would not start on more workers either.
    int waits = startable(stream, stream.open - runs - stream.withheld);
    TaskEntry first = waits == 0 ? null : stream.peek();
    long oldest = first == null ? 0 : core.clock.databaseMillis() - first.id().mintedAtMillis();
    return new DemandOfShape(shape.need, stream.priority, waits, runs, Math.max(0, oldest));
  }
}
