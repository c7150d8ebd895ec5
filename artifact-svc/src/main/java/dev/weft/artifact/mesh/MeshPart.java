package dev.weft.artifact.mesh;

import dev.weft.platform.grpc.MeshService;

/**
 * One service of this process's mesh port, with its own part in the start and the stop. Every bean
 * of this type is served; the port opens when all have started.
 */
public interface MeshPart {

  MeshService service();

  /** Before the port opens; a failure ends the process. */
  default void start() {}

  /** The process is about to end: what is open should end soon; calls are still answered. */
  default void stopTaking() {}

  /** All calls have ended. */
  default void close() {}
}
