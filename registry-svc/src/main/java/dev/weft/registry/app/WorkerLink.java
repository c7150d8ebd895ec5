package dev.weft.registry.app;

import dev.weft.platform.error.MeshException;

/** The way back to a worker's stream. */
@FunctionalInterface
public interface WorkerLink {

  /** Ends the stream. Does nothing if it has ended already; never blocks. */
  void close(MeshException why);
}
