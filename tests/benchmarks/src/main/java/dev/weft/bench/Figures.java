package dev.weft.bench;

import java.util.List;

/**
 * What several measurements of the same thing say together.
 *
 * @param sorted in rising order
 */
record Figures(List<Double> sorted) {

  Figures {
    sorted = sorted.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new BenchFailure("nothing was measured");
    }
  }

  static Figures of(List<Double> values) {
    return new Figures(values);
  }

  double least() {
    return sorted.getFirst();
  }

  double median() {
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  double most() {
    return sorted.getLast();
  }
}
