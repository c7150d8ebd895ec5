package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskState;
import java.util.List;

/** What time does to waiting tasks: it starts delayed ones and ends those that waited too long. */
final class Waits {

  private static final long LOOK_NANOS = 250_000_000;

  private final CellCore core;
  private long nextLook;

  Waits(CellCore core) {
    this.core = core;
    this.nextLook = core.clock.nanos();
  }

  void look() {
    long now = core.clock.databaseMillis();
    while (room()) {
      TaskEntry due = core.timers.poll(now);
      if (due == null) {
        break;
      }
      ripe(due, now);
    }
    if (core.clock.nanos() >= nextLook) {
      nextLook = core.clock.nanos() + LOOK_NANOS;
      for (Shape shape : core.shapes.all()) {
        for (TaskStream stream : shape.streams) {
          expireHeads(stream, now);
        }
      }
      expireWithheld(now);
    }
  }

  private void ripe(TaskEntry entry, long now) {
    if (now >= entry.expiresAtMillis()) {
      expire(entry);
    } else if (entry.delayed()) {
      entry.delayed(false);
      core.ready.giveBack(entry);
      if (entry.stream.ownExpiry) {
        core.timers.add(entry.expiresAtMillis(), entry);
      }
    }
  }

  /** In a stream with the class's own expiry the first in line is the first to expire. */
  private void expireHeads(TaskStream stream, long now) {
    TaskEntry head = stream.ownExpiry ? null : stream.peek();
    while (head != null && now >= head.expiresAtMillis() && room()) {
      expire(head);
      head = stream.peek();
    }
  }

  private void expireWithheld(long now) {
    List<TaskEntry> expired = core.userLevels.expired(now);
    while (!expired.isEmpty() && room()) {
      expired.forEach(this::expire);
      expired = core.userLevels.expired(now);
    }
  }

  private void expire(TaskEntry entry) {
    core.move(entry, TaskState.EXPIRED, Problems.EXPIRED);
  }

  private boolean room() {
    return core.draft.rows() < core.settings.bounds().batchRows();
  }
}
