package dev.weft.worker.app;

import dev.weft.worker.domain.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The one place where an attempt may write, made for it and removed after it. */
public interface Workspace extends AutoCloseable {

  /** The directory that the command sees. */
  Path directory();

  /** A place beside it that the command does not see. */
  Path backstage();

  /** What the command reads from its standard input. */
  Path stdin();

  /** The user that the command runs as, where the worker can choose one. */
  OptionalInt owner();

  /**
   * Adds the files that come with the work, beside what is there, and hands all of it over to the
   * command's user. To be called once, before the command starts.
   *
   * @throws InvalidWorkException if a path leads out of the workspace or can't be a file there
   */
  void furnish(Work.Shell work) throws InvalidWorkException, IOException;

  /**
   * Removes all of it; nothing of the attempt may run any more. Never fails: what stays is swept at
   * the next start.
   */
  @Override
  void close();
}
