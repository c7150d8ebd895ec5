package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Credit;
import java.util.random.RandomGenerator;

/**
 * A lot among the workers with room, each as likely as its weight: slots × free CPU × free memory ×
 * 1/(1 + response in s) × 1/(1 + open/10), at least 0.1. The weight is made anew for each pick and
 * only of those with room, so no past one of an ill worker counts, and the floor revives none that
 * is full.
 */
record DynamicWeighted(RandomGenerator random) implements Lottery {

  private static final double FLOOR = 0.1;

  @Override
  public Algorithm algorithm() {
    return Algorithm.DYNAMIC_WEIGHTED;
  }

  @Override
  public double chance(Candidate candidate, Requirements need) {
    return weight(candidate, need);
  }

  static double weight(Candidate candidate, Requirements need) {
    Credit credit = candidate.slot.credit();
    double seconds = candidate.slot.responses().millis(need.executor()) / 1_000;
    double weight =
        credit.capacity().slots(need.executor())
            * (1 - credit.cpuLoad())
            * (1 - credit.memoryLoad())
            / (1 + seconds)
            / (1 + credit.used(need.executor()) / 10.0);
    return Math.max(weight, FLOOR);
  }
}
