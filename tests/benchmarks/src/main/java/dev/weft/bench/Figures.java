package dev.weft.bench;

import java.util.Arrays;
import java.util.List;

/** What several measurements of the same thing say together. */
record Figures(double[] sorted) {

  static Figures of(List<Double> values) {
    if (values.isEmpty()) {
      throw new BenchFailure("nothing was measured");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Figures(sorted);
  }

  double least() {
    return sorted[0];
  }

  double median() {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double most() {
    return sorted[sorted.length - 1];
  }
}
