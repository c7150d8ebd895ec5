package dev.weft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes that go one way: how quickly, and with how much processor time of each process. On two
 * cores the latter is what the former is made of, and it hardly depends on who else is there.
 */
final class ByteWay {

  /** Seconds of a gigabyte; less is not worth a line of its own. */
  private static final double LEAST_TOLD = 0.1;

  private final String name;
  private final long bytes;
  private final List<Double> rates = new ArrayList<>();
  private final Map<String, List<Double>> costs = new LinkedHashMap<>();

  ByteWay(String name, long bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** What is measured. */
  interface Step<T> {
    T run() throws Exception;
  }

  <T> T measure(Mesh mesh, Step<T> step) throws Exception {
    CpuTimes before = CpuTimes.of(mesh);
    long begun = System.nanoTime();
    T result = step.run();
    rates.add(bytes / 1e6 / ((System.nanoTime() - begun) / 1e9));
    double all = 0;
    for (Map.Entry<String, Double> one : CpuTimes.of(mesh).since(before).entrySet()) {
      cost(one.getKey(), one.getValue());
      all += one.getValue();
    }
    cost("all processes", all);
    return result;
  }

  private void cost(String process, double seconds) {
    costs.computeIfAbsent(process, _ -> new ArrayList<>()).add(seconds / (bytes / 1e9));
  }

  void tell(Report report) {
    report.addMedian(name, rates, "MB/s");
    costs.forEach(
        (process, seconds) -> {
          if (Figures.of(seconds).median() >= LEAST_TOLD) {
            report.addMedian(name + ": CPU of " + process, seconds, "s/GB");
          }
        });
  }

  void tellShareOf(ByteWay other, Report report) {
    double share = 100 * Figures.of(rates).median() / Figures.of(other.rates).median();
    report.add(name + ", of the " + other.name, share, "%", "goal: 60 %");
  }
}
