package dev.weft.router.domain.placement;

/** The worker with the best score. */
record Composite(ScorePolicy score) implements Preference {

  @Override
  public Algorithm algorithm() {
    return Algorithm.COMPOSITE;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return candidate.fixedPart + candidate.share * score.loadPart(load);
  }
}
