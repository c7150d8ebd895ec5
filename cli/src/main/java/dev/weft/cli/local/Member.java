package dev.weft.cli.local;

import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import java.util.Map;

/** One process that belongs to the mesh: it can be started, or was started before. */
interface Member {
  String name();

  /** Where it listens, by purpose. */
  Map<String, Integer> ports();

  /** Starts it and returns its run file; the process need not be ready. */
  RunFile spawn();

  /** It runs already, under this stamp. */
  void attach(ProcessStamp stamp);

  /** Returns once it is ready, or throws with its last words. */
  void awaitReady();
}
