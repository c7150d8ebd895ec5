package dev.weft.worker.app;

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
   * Removes all of it; nothing of the attempt may run any more. Never fails: what stays is swept at
   * the next start.
   */
  @Override
  void close();
}
