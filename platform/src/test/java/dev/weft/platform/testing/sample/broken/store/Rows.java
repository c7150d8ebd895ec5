package dev.weft.platform.testing.sample.broken.store;

import dev.weft.platform.testing.sample.broken.grpc.Door;
import java.time.Instant;

/** Half of a cycle, and a clock read by itself. */
public final class Rows {

  private Door door = new Door();

  public Instant written() {
    door.open();
    return Instant.now();
  }
}
