package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;

/**
 * For preferences whose order of a worker changes only when the worker does: the exact maximum, and
 * the exact best eight.
 */
final class BestFirst extends PlacementIndex {

  private final Preference by;
  private final Maxima standings;
  private final int[] best = new int[Shortlist.KEPT];

  BestFirst(Preference by, Eligibility among, Requirements need, ChangeLog log) {
    super(among, need, log);
    this.by = by;
    this.standings = new Maxima(among.size(), Shortlist.KEPT);
  }

  @Override
  void changed(Candidate candidate, boolean roomy) {
    standings.set(
        candidate.position,
        roomy ? by.standing(candidate, need, load(candidate)) : Double.NEGATIVE_INFINITY);
  }

  @Override
  void search(int key, Shortlist into) {
    int found = standings.best(best);
    for (int i = 0; i < found; i++) {
      Candidate candidate = candidate(best[i]);
      double load = load(candidate);
      into.append(candidate, by.rank(candidate, need, load, key), load);
    }
  }
}
