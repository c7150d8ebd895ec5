package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerView;
import java.util.OptionalDouble;

/** Weighs a worker that passed the filter. Every term is in 0..1, more is better. */
public interface ScorePolicy {

  /** Fit: what the worker is good at against what is asked. */
  double capability(Requirements need, WorkerView view);

  double latency(WorkerView view);

  double cost(WorkerView view);

  /** How near the worker is to the task's user. */
  double near(Requirements need, WorkerView view);

  /** Whether its hour is one at which heavy work should rather run there; empty without a table. */
  OptionalDouble sun(WorkerView view);

  /** The part of the score that does not change with the worker's load. */
  double fixedPart(double capability, double latency, double cost);

  /**
   * The part that does.
   *
   * @param load 0 empty, 1 full
   */
  double loadPart(double load);
}
