package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;

/**
 * Draws by weight without looking at all, and without putting back, no more than are wanted, since
 * who else might have been drawn says nothing. The ranks are those that the first of {@code
 * u^(1/weight)} over all would have: the gaps between their logarithms are exponential in what is
 * left in the urn. Takes 9 bytes a worker.
 */
final class Lots extends PlacementIndex {

  private final Lottery by;
  private final Sums weights;
  private final int[] drawn = new int[Shortlist.KEPT];
  private final double[] put = new double[Shortlist.KEPT];

  Lots(Lottery by, Eligibility among, Requirements need, ChangeLog log) {
    super(among, need, log);
    this.by = by;
    this.weights = new Sums(among.size());
  }

  @Override
  void changed(Candidate candidate, boolean roomy) {
    weights.set(candidate.position, roomy ? by.chance(candidate, need) : 0);
  }

  @Override
  void search(int key, int wanted, Shortlist into) {
    double exponent = 0;
    int count = 0;
    while (count < wanted && weights.total() > 0) {
      double total = weights.total();
      int leaf = weights.at(by.random().nextDouble() * total);
      exponent += Math.log1p(-by.random().nextDouble()) / total;
      Candidate candidate = candidate(leaf);
      into.append(candidate, Math.exp(exponent), candidate.load);
      drawn[count] = leaf;
      put[count++] = weights.leaf(leaf);
      if (count < wanted) {
        weights.set(leaf, 0);
      }
    }
    for (int i = 0; i < count; i++) {
      weights.set(drawn[i], put[i]);
    }
  }
}
