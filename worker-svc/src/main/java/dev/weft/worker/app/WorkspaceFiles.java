package dev.weft.worker.app;

import dev.weft.worker.domain.agent.CommandOutcome;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Files on their way into a workspace and out of it while commands run there. Content is artifacts;
 * no path leads out, and none leads through a link. Safe for threads.
 */
public interface WorkspaceFiles {

  /**
   * Where something goes, or comes from.
   *
   * @param path relative to the workspace; empty is the workspace itself. To be put: with '/' at
   *     its end it is a directory to put something into
   * @param name what is put is called in a directory; empty: its content goes into the path itself
   * @param executable of a single file
   */
  record Place(String path, String name, boolean executable) {}

  /**
   * Puts an artifact there, as {@code cp -r} would: a tree beside what is there, any other one as a
   * file. A file that is there is replaced as a whole; what was put before a failure stays.
   *
   * @param over whether to stop
   */
  CommandOutcome.Placed put(String artifact, Place place, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException;

  /**
   * Stores a file or a directory as an artifact for 24 hours.
   *
   * @param storedAs a name for the artifact
   * @param over whether to stop
   */
  CommandOutcome.Fetched take(String path, String storedAs, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException;
}
