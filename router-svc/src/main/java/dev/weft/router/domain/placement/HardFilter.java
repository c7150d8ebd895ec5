package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import java.util.Optional;

/** Says whether a worker could take tasks of a shape, were it empty. */
@FunctionalInterface
public interface HardFilter {

  /** Empty when it could. */
  Optional<Refusal> refuse(Requirements need, WorkerSlot slot);
}
