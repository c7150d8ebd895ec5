package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;

/**
 * Remembers for the keys that came last their eight favourites, full or not, so that a key's next
 * task looks at those alone. A key that is new, and one whose eight favourites are all full, costs
 * one hash for each worker. The choice is exact; what is recorded are as many of them with room as
 * are wanted: those to which the task would have gone next. Takes 8 bytes a worker, and 147 KB for
 * the keys.
 */
final class Favourites extends PlacementIndex {

  private static final int KEYS = 4_096;

  private final long[] rings;
  private final int[] known = new int[KEYS];
  private final int[] favourites = new int[KEYS * Shortlist.KEPT];
  private final double[] weights = new double[Shortlist.KEPT];
  private final int[] best = new int[Shortlist.KEPT];

  Favourites(Eligibility among, Requirements need, ChangeLog log) {
    super(among, need, log);
    this.rings = among.candidates().stream().mapToLong(candidate -> candidate.ring).toArray();
  }

  /** Room is looked up when a key asks. */
  @Override
  void changed(Candidate candidate, boolean roomy) {}

  @Override
  void search(int key, int wanted, Shortlist into) {
    int line = key & (KEYS - 1);
    int first = line * Shortlist.KEPT;
    if (known[line] != key + 1) {
      int found = nearest(key, false);
      for (int i = 0; i < Shortlist.KEPT; i++) {
        favourites[first + i] = i < found ? best[i] : -1;
      }
      known[line] = key + 1;
    }
    int end = first + Shortlist.KEPT;
    for (int i = first; i < end && favourites[i] >= 0 && into.size() < wanted; i++) {
      if (roomy(favourites[i])) {
        append(favourites[i], key, into);
      }
    }
    if (into.size() == 0) {
      int found = nearest(key, true);
      for (int i = 0; i < found; i++) {
        append(best[i], key, into);
      }
    }
  }

  private void append(int position, int key, Shortlist into) {
    Candidate candidate = candidate(position);
    into.append(candidate, Rendezvous.weight(key, candidate.ring), candidate.load);
  }

  /** Puts the key's best into {@link #best}; answers how many there are. */
  private int nearest(int key, boolean withRoom) {
    int found = 0;
    for (int i = 0; i < rings.length; i++) {
      double weight = Rendezvous.weight(key, rings[i]);
      if ((found < Shortlist.KEPT || weight > weights[Shortlist.KEPT - 1])
          && (!withRoom || roomy(i))) {
        int at = found < Shortlist.KEPT ? found++ : Shortlist.KEPT - 1;
        while (at > 0 && weight > weights[at - 1]) {
          weights[at] = weights[at - 1];
          best[at] = best[at - 1];
          at--;
        }
        weights[at] = weight;
        best[at] = i;
      }
    }
    return found;
  }
}
