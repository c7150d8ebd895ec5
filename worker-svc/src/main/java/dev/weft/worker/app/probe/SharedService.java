package dev.weft.worker.app.probe;

import java.time.Duration;
import java.util.Optional;

/** A service of the mesh that all workers share. */
public interface SharedService {

  String name();

  /** Whether this mesh has one. */
  boolean known();

  /** What is wrong with it, asked now. Blocks at most so long. */
  Optional<String> fault(Duration atMost);
}
