package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;

/** Ends tasks because their users want it. */
final class Cancels {

  private final CellCore core;

  Cancels(CellCore core) {
    this.core = core;
  }

  /** Does nothing to a task of another tenant, or to one that is not open; answers all the same. */
  void cancel(String tenant, TaskId id, SettledReply reply) {
    TaskEntry entry = core.tasks.get(id);
    if (entry != null && entry.tenant().equals(tenant)) {
      cancel(entry);
    }
    core.draft.effect(new Effect.Settled(reply));
  }

  private void cancel(TaskEntry entry) {
    Attempt attempt = entry.attempt();
    if (entry.waiting()) {
      core.move(entry, TaskState.CANCELLED, Problems.CANCELLED_BY_USER);
    } else if (attempt != null && entry.state() != TaskState.CANCELLING) {
      core.move(entry, TaskState.CANCELLING, Problems.CANCELLED_BY_USER);
      if (attempt.worker.link != null) {
        core.draft.effect(new Effect.Cancel(attempt.worker.link, attempt.key()));
      }
    }
  }
}
