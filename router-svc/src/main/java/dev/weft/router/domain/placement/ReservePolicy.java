package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.PriorityClass;

/** How many slots of a kind must stay free on a worker beside a new lease of a class. */
@FunctionalInterface
public interface ReservePolicy {

  /** Keeps nothing. */
  ReservePolicy NONE = priority -> 0;

  int keep(PriorityClass priority);
}
