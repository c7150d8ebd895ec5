package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The group of one attempt. */
public interface AttemptGroup extends AutoCloseable {

  /**
   * Files into which a process writes its own id to enter the group before anything of the task
   * runs.
   */
  List<Path> entrances();

  /**
   * What the attempt uses.
   *
   * @param root the first process of the sandbox, as the host numbers it
   */
  Usage usage(long root);

  /** Sets other limits than it was made with. */
  void limit(Limits limits) throws IOException;

  /** Kills whatever is in the group; harmless when it is empty. */
  void kill();

  /** Removes the group; nothing may run in it any more. */
  @Override
  void close();
}
