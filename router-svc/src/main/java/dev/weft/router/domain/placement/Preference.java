package dev.weft.router.domain.placement;

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

  /** This one gets the task; for what remembers turns. */
  default void picked(Candidate winner, Requirements need) {}
}
