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

  /** Puts the best, best first, into the array; answers how many there are. */
  int best(int[] leaves) {
    size = 0;
    offer(level(top())[0], 0, top());
    int found = 0;
    while (size > 0 && found < most) {
      size--;
      if (level[size] == 0) {
        leaves[found++] = start[size];
      } else {
        open(start[size], level[size] - 1);
      }
    }
    return found;
  }

  private void open(int from, int below) {
    double[] numbers = level(below);
    int shift = below * BITS;
    int first = from >>> shift;
    for (int i = first; i < first + WIDTH; i++) {
      offer(numbers[i], i << shift, below);
    }
  }

  private void offer(double candidate, int from, int at) {
    if (candidate == Double.NEGATIVE_INFINITY) {
      return;
    }
    if (size < most) {
      int place = size++;
      while (place > 0 && better(place - 1, candidate, from)) {
        move(place - 1, place);
        place--;
      }
      put(place, candidate, from, at);
    } else if (!better(0, candidate, from)) {
      int place = 0;
      while (place < most - 1 && !better(place + 1, candidate, from)) {
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
