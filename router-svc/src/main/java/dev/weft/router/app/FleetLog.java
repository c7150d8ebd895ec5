package dev.weft.router.app;

import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The stored history of the fleet. Blocks. */
public interface FleetLog {

  /** Everybody who is there is stored again so often: nobody need be looked for any longer ago. */
  Duration REPEATED = Duration.ofHours(12);

  /**
   * Who was there by its newest row of the last two days.
   *
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  Set<WorkerId> there();

  /**
   * Adds changes at the times at which they were seen; may be repeated.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  void append(long epoch, List<FleetChange> changes);
}
