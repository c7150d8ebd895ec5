package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import java.io.IOException;

/** Where attempts are counted. */
public interface ControlGroups extends AutoCloseable {

  LimitsScope scope();

  /**
   * Makes a group with its limits set.
   *
   * @param run names it, unique among those of this incarnation that are open
   */
  AttemptGroup create(String run, Limits limits) throws IOException;

  /** Kills and removes what earlier incarnations of this worker left. */
  void sweep();

  /** Removes this incarnation's own group; the attempts' must be closed. */
  @Override
  void close();
}
