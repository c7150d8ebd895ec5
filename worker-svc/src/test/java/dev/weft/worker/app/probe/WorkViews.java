package dev.weft.worker.app.probe;

import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import java.time.Duration;
import java.util.List;

/** Workers as their desks see them. */
final class WorkViews {

  private WorkViews() {}

  static WorkView of(int slotsUsed, int slotsTotal, boolean connected, boolean draining) {
    return new WorkView(
        slotsUsed == 0 ? Activity.IDLE : Activity.EXECUTING,
        slotsTotal,
        slotsUsed,
        List.of(),
        new Tally.Totals(0, 0, Duration.ZERO, 0),
        connected,
        draining);
  }
}
