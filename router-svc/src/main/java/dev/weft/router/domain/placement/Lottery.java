package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;
import java.util.random.RandomGenerator;

/**
 * Draws among the workers with room, each as likely as its weight. The highest {@code u^(1/weight)}
 * of uniform u is such a lot (Efraimidis and Spirakis 2006), without a sum over all.
 */
interface Lottery extends Preference {

  RandomGenerator random();

  /** The worker's weight, above 0; changes only when the worker does. */
  double chance(Candidate candidate, Requirements need);

  @Override
  default double rank(Candidate candidate, Requirements need, double load, int key) {
    return Math.pow(random().nextDouble(), 1 / chance(candidate, need));
  }

  @Override
  default PlacementIndex index(Eligibility among, Requirements need, ChangeLog log) {
    return new Lots(this, among, need, log);
  }
}
