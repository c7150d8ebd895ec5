package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;

/**
 * Says which of several workers with room a task should rather go to. It is only ever asked about
 * workers that passed the filter and have room, so none can choose another. One object serves a
 * placer; it must not allocate.
 */
public interface Preference {

  Algorithm algorithm();

  /**
   * The highest gets the task.
   *
   * @param load of the worker, 0 empty, 1 full
   * @param key see {@link dev.weft.router.domain.task.Affinity}
   * @return 0..1
   */
  double rank(Candidate candidate, Requirements need, double load, int key);

  /**
   * What orders workers as {@link #rank} does, and changes only when the worker does: so it can be
   * kept. Equal ranks may be told apart by it.
   */
  default double standing(Candidate candidate, Requirements need, double load) {
    return rank(candidate, need, load, 0);
  }

  /** The rank that goes with a standing, now. */
  default double ranked(double standing) {
    return standing;
  }

  /** How the best is found where there are many. */
  default PlacementIndex index(Eligibility among, Requirements need, ChangeLog log) {
    return new BestFirst(this, among, need, log);
  }

  /** This one gets the task; for what remembers turns. */
  default void picked(Candidate winner, Requirements need) {}
}
