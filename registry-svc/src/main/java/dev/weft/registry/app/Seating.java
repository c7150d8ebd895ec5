package dev.weft.registry.app;

import dev.weft.registry.domain.fleet.Fleet;

/**
 * A worker's place in one fleet, from its hello to the end of its stream. Means nothing to the next
 * fleet.
 */
public final class Seating {

  private final Fleet fleet;
  private final long session;

  Seating(Fleet fleet, long session) {
    this.fleet = fleet;
    this.session = session;
  }

  Fleet fleet() {
    return fleet;
  }

  long session() {
    return session;
  }

  /** The epoch under which the worker was let in. */
  public long epoch() {
    return fleet.epoch();
  }
}
