package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Credit;

/**
 * The worker with the largest share of CPU and memory free, whichever it has less of. Work that
 * names no resources goes by its slots.
 */
record MostResources() implements Preference {

  private static final double SLOTS_SHARE = 1e-3;

  @Override
  public Algorithm algorithm() {
    return Algorithm.RESOURCE_BASED;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    Credit credit = candidate.slot.credit();
    double free = 1 - Math.max(credit.cpuLoad(), credit.memoryLoad());
    return (free + SLOTS_SHARE * (1 - load)) / (1 + SLOTS_SHARE);
  }
}
