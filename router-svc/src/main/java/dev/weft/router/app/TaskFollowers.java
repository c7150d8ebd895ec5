package dev.weft.router.app;

import dev.weft.router.app.EventChain.Step;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.task.TaskId;
import java.util.List;

/** Everybody who follows a task: its steps' places are the cursors of its events. */
public final class TaskFollowers extends Followers<TaskId, Step, EventCursor> {

  /** Tells a commit's steps; on the cell's thread. */
  public void released(Release release) {
    if (isEmpty()) {
      return;
    }
    for (TenantEvents events : release.events()) {
      List<TaskChange> changes = events.changes();
      for (int index = 0; index < changes.size(); index++) {
        TaskChange change = changes.get(index);
        EventCursor cursor = new EventCursor(release.commit(), index);
        tell(events.tenant(), change.task(), new Step(cursor, change, release.commitTime()));
      }
    }
  }

  @Override
  protected EventCursor place(Step step) {
    return step.cursor();
  }

  @Override
  protected boolean last(Step step) {
    return step.change().state().terminal();
  }
}
