package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import java.io.IOException;

/** Makes the groups in which commands are counted. */
public interface AttemptGroups extends AutoCloseable {

  /**
   * Makes a group with its limits set.
   *
   * @param run names it, unique among those of this incarnation that are open
   */
  AttemptGroup create(String run, Limits limits) throws IOException;

  /** Removes what they are in; the groups that were made must be closed. */
  @Override
  void close();
}
