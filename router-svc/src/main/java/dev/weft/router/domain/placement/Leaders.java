package dev.weft.router.domain.placement;

/**
 * The best of many numbers, kept sorted while single ones change, so that hardly ever all have to
 * be asked. Whoever is not in it is worse than all that are. It shrinks when some get worse, and is
 * filled anew when there are too few.
 */
final class Leaders {

  private static final int MOST = 4 * Shortlist.KEPT;

  private final Maxima all;
  private final int[] place = new int[MOST];
  private final double[] number = new double[MOST];
  private int size;

  /** Nobody outside is better than that. */
  private double floor = Double.POSITIVE_INFINITY;

  private int floorPlace = -1;

  Leaders(int leaves) {
    this.all = new Maxima(leaves, MOST);
  }

  void set(int leaf, double next) {
    all.set(leaf, next);
    int at = indexOf(leaf);
    if (at >= 0) {
      size--;
      System.arraycopy(place, at + 1, place, at, size - at);
      System.arraycopy(number, at + 1, number, at, size - at);
    }
    if (better(next, leaf, floor, floorPlace)) {
      insert(leaf, next);
    }
  }

  private int indexOf(int leaf) {
    for (int i = 0; i < size; i++) {
      if (place[i] == leaf) {
        return i;
      }
    }
    return -1;
  }

  private void insert(int leaf, double next) {
    if (size == MOST) {
      size--;
      floor = number[size];
      floorPlace = place[size];
      if (!better(next, leaf, floor, floorPlace)) {
        floor = next;
        floorPlace = leaf;
        size++;
        return;
      }
    }
    int at = size++;
    while (at > 0 && better(next, leaf, number[at - 1], place[at - 1])) {
      number[at] = number[at - 1];
      place[at] = place[at - 1];
      at--;
    }
    number[at] = next;
    place[at] = leaf;
  }

  private static boolean better(double one, int onePlace, double other, int otherPlace) {
    return one > other || (one == other && onePlace < otherPlace && one > Double.NEGATIVE_INFINITY);
  }

  /** How many of the best eight there are. */
  int count() {
    if (size < Shortlist.KEPT && floor > Double.NEGATIVE_INFINITY) {
      size = all.best(place);
      for (int i = 0; i < size; i++) {
        number[i] = all.leaf(place[i]);
      }
      boolean more = size == MOST;
      floor = more ? number[size - 1] : Double.NEGATIVE_INFINITY;
      floorPlace = more ? place[size - 1] : -1;
    }
    return Math.min(size, Shortlist.KEPT);
  }

  /** One of them, best first. */
  int leaf(int rank) {
    return place[rank];
  }

  double number(int rank) {
    return number[rank];
  }
}
