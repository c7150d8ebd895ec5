package dev.weft.worker.app;

import dev.weft.worker.domain.Work;
import java.io.IOException;

/** The one place where an attempt may write, made for it and removed after it. */
public interface Workspace extends CommandPlace {

  /**
   * Adds the files that come with the work, beside what is there, and hands all of it over to the
   * command's user. To be called once, before the command starts.
   *
   * @throws InvalidWorkException if a path leads out of the workspace or can't be a file there
   */
  void furnish(Work.Shell work) throws InvalidWorkException, IOException;

  /**
   * A place for one more command in the same directory, with nothing to read from its standard
   * input. To be closed when nothing of the command is left.
   *
   * @param name unique within the attempt; letters and digits
   */
  CommandPlace place(String name) throws IOException;

  /**
   * Reads what commands have written to {@link #usage} and nobody has read yet; never waits.
   *
   * @return how many bytes; 0 for none now
   */
  int readUsage(byte[] into) throws IOException;

  /**
   * Has all of it removed in a moment, so that closing it waits for nothing; while too much is
   * being removed already, closing it waits. To be called once, when nothing of the attempt runs
   * any more and nobody reads {@link #readUsage}.
   */
  default void leave() {}

  /**
   * Removes all of it; nothing of the attempt may run any more. Never fails: what stays is swept at
   * the next start.
   */
  @Override
  void close();
}
