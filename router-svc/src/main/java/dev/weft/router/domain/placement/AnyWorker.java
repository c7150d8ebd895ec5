package dev.weft.router.domain.placement;

import java.util.random.RandomGenerator;

/** Any worker, each as likely; a retry goes to another than those on which the task failed. */
record AnyWorker(RandomGenerator random) implements Lottery {

  @Override
  public Algorithm algorithm() {
    return Algorithm.RANDOM_WITH_RETRY;
  }

  @Override
  public double chance(Candidate candidate, Requirements need) {
    return 1;
  }
}
