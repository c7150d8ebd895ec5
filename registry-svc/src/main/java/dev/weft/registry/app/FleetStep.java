package dev.weft.registry.app;

import dev.weft.registry.domain.fleet.FleetChange;

/** What a watcher is told, step by step. */
public sealed interface FleetStep {

  /** A worker changed or was forgotten. */
  record Changed(FleetChange change) implements FleetStep {}

  /** Everything up to this revision was told. */
  record CaughtUp(long revision, long epoch) implements FleetStep {}

  /** Nothing has changed for a while. */
  record Idle(long revision) implements FleetStep {}
}
