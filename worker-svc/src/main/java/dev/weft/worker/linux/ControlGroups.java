package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import java.io.IOException;

/** Where attempts are counted; closing removes this incarnation's own group. */
public interface ControlGroups extends AttemptGroups {

  LimitsScope scope();

  /**
   * Groups that hold to these limits of memory and processes together, whatever the limits of each.
   * Who takes the most of what is used up loses it, never all.
   *
   * @param name unique among those of this incarnation that are open
   * @param atOnce how many of them there may be, each with processes of the sandbox's own
   */
  SharedGroups together(String name, Limits limits, int atOnce) throws IOException;

  /** Kills and removes what earlier incarnations of this worker left. */
  void sweep();
}
