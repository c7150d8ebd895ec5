package dev.weft.router.domain.placement;

/** Draws one of many numbers by their size, in one step of eight for each level. */
final class Sums extends IndexTree {

  Sums(int leaves) {
    super(leaves, 0);
  }

  /** Added anew each time, so that no rounding adds up. */
  @Override
  double combined(double[] numbers, int from) {
    double sum = 0;
    for (int i = from; i < from + WIDTH; i++) {
      sum += numbers[i];
    }
    return sum;
  }

  double total() {
    return level(top())[0];
  }

  /**
   * The leaf in whose share of the total this point lies; never one with a share of 0.
   *
   * @param point 0..total, which must not be 0
   */
  int at(double point) {
    double left = point;
    int node = 0;
    for (int level = top() - 1; level >= 0; level--) {
      double[] numbers = level(level);
      int first = node << BITS;
      int chosen = first;
      for (int i = first; i < first + WIDTH; i++) {
        if (numbers[i] > 0) {
          chosen = i;
          if (left < numbers[i]) {
            break;
          }
          left -= numbers[i];
        }
      }
      node = chosen;
    }
    return node;
  }
}
