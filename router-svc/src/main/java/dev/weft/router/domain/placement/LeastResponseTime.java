package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;

/**
 * The worker from which the answer is expected first: its mean from lease to success and the way
 * there, times what is open before. One that has answered nothing yet counts as quick, so it is
 * tried.
 */
record LeastResponseTime() implements Preference {

  @Override
  public Algorithm algorithm() {
    return Algorithm.LEAST_RESPONSE_TIME;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    WorkerSlot slot = candidate.slot;
    double millis = Math.max(1, slot.responses().millis(need.executor()) + candidate.latencyMillis);
    return 1 / (1 + millis * (1 + slot.credit().used(need.executor())) / 1_000);
  }
}
