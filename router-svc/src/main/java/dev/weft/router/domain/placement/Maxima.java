package dev.weft.router.domain.placement;

/**
 * Finds the highest of many numbers, best first; of equal ones the first. Each one found costs at
 * most one step of eight for each level.
 */
final class Maxima extends IndexTree {

  private final int most;

  /** The nodes still to be opened or told, best last: none but these can be among the best. */
  private final double[] number;

  private final int[] start;
  private final int[] level;
  private int size;

  /**
   * @param most how many are looked for at a time
   */
  Maxima(int leaves, int most) {
    super(leaves, Double.NEGATIVE_INFINITY);
    this.most = most;
    this.number = new double[most];
    this.start = new int[most];
    this.level = new int[most];
  }

  @Override
  double combined(double[] numbers, int from) {
    double highest = numbers[from];
    for (int i = from + 1; i < from + WIDTH; i++) {
      highest = Math.max(highest, numbers[i]);
    }
    return highest;
  }

  /** Looks at the others of the eight only where the highest of them has got lower. */
  @Override
  void set(int leaf, double number) {
    double before = level(0)[leaf];
    double after = number;
    level(0)[leaf] = number;
    int at = leaf;
    for (int i = 1; i <= top(); i++) {
      at >>>= BITS;
      double highest = level(i)[at];
      if (after < highest) {
        if (before < highest) {
          return;
        }
        after = combined(level(i - 1), at << BITS);
      }
      if (after == highest) {
        return;
      }
      before = highest;
      level(i)[at] = after;
    }
  }

  /** Puts the best, best first, into the array; answers how many there are. */
  int best(int[] leaves) {
    double highest = level(top())[0];
    size = 0;
    if (highest > Double.NEGATIVE_INFINITY) {
      offer(highest, 0, top(), most);
    }
    int found = 0;
    while (size > 0) {
      size--;
      if (level[size] > 0) {
        open(start[size], level[size] - 1, most - found);
      } else {
        leaves[found++] = start[size];
        size = forgetWorst(most - found);
      }
    }
    return found;
  }

  /** So many are still wanted: what is worse than as many others is not among them. */
  private int forgetWorst(int wanted) {
    int over = size - wanted;
    for (int i = 0; over > 0 && i < wanted; i++) {
      move(i + over, i);
    }
    return Math.min(size, wanted);
  }

  private void open(int from, int below, int wanted) {
    double[] numbers = level(below);
    int shift = below * BITS;
    int first = from >>> shift;
    for (int i = first; i < first + WIDTH; i++) {
      double one = numbers[i];
      if (size == wanted ? one >= number[0] : one > Double.NEGATIVE_INFINITY) {
        offer(one, i << shift, below, wanted);
      }
    }
  }

  private void offer(double candidate, int from, int at, int wanted) {
    if (size < wanted) {
      int place = size++;
      while (place > 0 && better(place - 1, candidate, from)) {
        move(place - 1, place);
        place--;
      }
      put(place, candidate, from, at);
    } else if (!better(0, candidate, from)) {
      int place = 0;
      while (place < wanted - 1 && !better(place + 1, candidate, from)) {
        move(place + 1, place);
        place++;
      }
      put(place, candidate, from, at);
    }
  }

  private boolean better(int place, double than, int from) {
    return number[place] > than || (number[place] == than && start[place] < from);
  }

  private void move(int from, int to) {
    number[to] = number[from];
    start[to] = start[from];
    level[to] = level[from];
  }

  private void put(int place, double candidate, int from, int at) {
    number[place] = candidate;
    start[place] = from;
    level[place] = at;
  }
}
