package dev.weft.router.domain.placement;

import java.util.random.RandomGenerator;

/** Any worker, each as likely; a retry goes to another than those on which the task failed. */
record AnyWorker(RandomGenerator random) implements Preference {

  @Override
  public Algorithm algorithm() {
    return Algorithm.RANDOM_WITH_RETRY;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return random.nextDouble();
  }
}
