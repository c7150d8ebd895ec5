package dev.weft.scaler.app;

import dev.weft.scaler.domain.plan.FleetSight;

/** The workers as the registry shows them. */
@FunctionalInterface
public interface FleetView {

  /** As far as this process knows; never blocks. */
  FleetSight look();
}
