package dev.weft.worker.app;

import java.nio.file.Path;
import java.util.OptionalInt;

/** Where one command runs. */
public interface CommandPlace extends AutoCloseable {

  /** The directory that the command sees. */
  Path directory();

  /**
   * A place beside it that the command does not see, of no other command. Its path stands in the
   * command line of what makes the sandbox, and its name is the sandbox's.
   */
  Path backstage();

  /** What the command reads from its standard input. */
  Path stdin();

  /** A named pipe, to which the command may write what it uses of models. */
  Path usage();

  /** The user that the command runs as, where the worker can choose one. */
  OptionalInt owner();

  /** Removes it; nothing of the command may run any more. Never fails. */
  @Override
  void close();
}
