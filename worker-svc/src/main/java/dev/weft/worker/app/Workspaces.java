package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Work;
import java.io.IOException;

/** Makes the places where attempts work. */
@FunctionalInterface
public interface Workspaces {

  /** Makes an empty workspace. */
  Workspace open(AttemptKey key) throws IOException;

  /**
   * Makes a workspace with the files that come with the work.
   *
   * @throws InvalidWorkException if a path leads out of the workspace or can't be a file there
   */
  default Workspace open(AttemptKey key, Work.Shell work) throws InvalidWorkException, IOException {
    Workspace workspace = open(key);
    try {
      workspace.furnish(work);
      return workspace;
    } catch (IOException | InvalidWorkException | RuntimeException e) {
      workspace.close();
      throw e;
    }
  }
}
