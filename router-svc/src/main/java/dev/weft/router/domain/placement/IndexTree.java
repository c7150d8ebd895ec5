package dev.weft.router.domain.placement;

import java.util.Arrays;

/**
 * A number for each worker, and for every eight of them one that stands for all, up to a single
 * one. Setting a number costs at most one step of eight for each level: five for 10,000 workers.
 * Takes 8/7 of eight bytes a worker.
 */
abstract class IndexTree {

  static final int BITS = 3;
  static final int WIDTH = 1 << BITS;

  private final double[][] levels;

  /**
   * @param empty what stands where there is nothing
   */
  IndexTree(int leaves, double empty) {
    int count = 1;
    for (int width = leaves; width > 1; width = parents(width)) {
      count++;
    }
    levels = new double[count][];
    int width = leaves;
    for (int level = 0; level < count; level++) {
      levels[level] = new double[level == count - 1 ? 1 : parents(width) * WIDTH];
      Arrays.fill(levels[level], empty);
      width = parents(width);
    }
  }

  private static int parents(int width) {
    return (width + WIDTH - 1) >>> BITS;
  }

  /** What stands for eight numbers, from this one on. */
  abstract double combined(double[] numbers, int from);

  void set(int leaf, double number) {
    levels[0][leaf] = number;
    int at = leaf;
    for (int level = 1; level < levels.length; level++) {
      at >>>= BITS;
      double combined = combined(levels[level - 1], at << BITS);
      if (levels[level][at] == combined) {
        return;
      }
      levels[level][at] = combined;
    }
  }

  final double leaf(int leaf) {
    return levels[0][leaf];
  }

  final double[] level(int level) {
    return levels[level];
  }

  final int top() {
    return levels.length - 1;
  }
}
