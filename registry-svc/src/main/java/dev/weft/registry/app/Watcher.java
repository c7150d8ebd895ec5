package dev.weft.registry.app;

import dev.weft.platform.error.MeshException;

/** Who watches. Called by one thread at a time; never blocks. */
public interface Watcher {

  /** Whether it takes another step now without piling up. */
  boolean ready();

  void tell(FleetStep step);

  /** The watch is over. */
  void end(MeshException why);
}
