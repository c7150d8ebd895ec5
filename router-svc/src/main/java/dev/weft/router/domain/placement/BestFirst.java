package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;

/**
 * For preferences whose order of a worker changes only when the worker does: the exact maximum, and
 * the exact best eight. Takes 9 bytes a worker.
 */
final class BestFirst extends PlacementIndex {

  private final Preference by;
  private final Leaders leaders;

  BestFirst(Preference by, Eligibility among, Requirements need, ChangeLog log) {
    super(among, need, log);
    this.by = by;
    this.leaders = new Leaders(among.size());
  }

  @Override
  void changed(Candidate candidate, boolean roomy) {
    leaders.set(
        candidate.position,
        roomy ? by.standing(candidate, need, candidate.load) : Double.NEGATIVE_INFINITY);
  }

  @Override
  void search(int key, int wanted, Shortlist into) {
    int count = leaders.count();
    for (int i = 0; i < count; i++) {
      Candidate candidate = candidate(leaders.leaf(i));
      into.append(candidate, by.ranked(leaders.number(i)), candidate.load);
    }
  }
}
