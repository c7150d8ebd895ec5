package dev.weft.cli.local;

import java.time.Duration;

/** Waiting between two looks at another process. */
final class Pauses {
  private Pauses() {}

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshFailure("interrupted while waiting for the mesh");
    }
  }
}
