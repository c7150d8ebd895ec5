package dev.weft.router.domain.placement;

/** The worker with the fewest open attempts of the task's kind: for calls that take long. */
record LeastConnections() implements Preference {

  @Override
  public Algorithm algorithm() {
    return Algorithm.LEAST_CONNECTIONS;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return 1.0 / (1 + candidate.slot.credit().used(need.executor()));
  }
}
