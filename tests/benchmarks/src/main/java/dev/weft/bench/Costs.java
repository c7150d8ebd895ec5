package dev.weft.bench;

import java.util.Map;

/** Processor time of all processes since a moment, beside a figure. */
final class Costs {

  private static final double LEAST_TOLD = 0.1;
  private static final double MICROS_PER_MILLI = 1_000;

  private final Mesh mesh;
  private final CpuTimes before;
  private final long begun = System.nanoTime();

  private Costs(Mesh mesh) {
    this.mesh = mesh;
    this.before = CpuTimes.of(mesh);
  }

  static Costs begin(Mesh mesh) {
    return new Costs(mesh);
  }

  /** In ms for each of so many. */
  void each(String what, long count, Report report) {
    double all = 0;
    for (Map.Entry<String, Double> one : CpuTimes.of(mesh).perTask(before, count).entrySet()) {
      double millis = one.getValue() / MICROS_PER_MILLI;
      all += millis;
      if (millis >= LEAST_TOLD) {
        report.add(what + ": CPU " + one.getKey(), millis, " ms each", "");
      }
    }
    report.add(what + ": CPU, all processes", all, " ms each", "of " + count);
  }

  /** As shares of one core, of all that took some. */
  Map<String, Double> shares(String what, Report report) {
    Map<String, Double> shares =
        CpuTimes.of(mesh).shares(before, (System.nanoTime() - begun) / 1e9);
    shares.forEach(
        (name, percent) -> {
          if (percent >= LEAST_TOLD) {
            report.add(what + ": CPU " + name, percent, " % of a core", "");
          }
        });
    return shares;
  }
}
