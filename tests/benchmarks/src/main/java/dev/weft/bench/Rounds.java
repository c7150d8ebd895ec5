package dev.weft.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Several rounds of one kind: their medians, with all that was measured. */
final class Rounds {

  private static final double LEAST_TOLD = 0.005;

  private final String name;
  private final List<Round> all = new ArrayList<>();

  Rounds(String name) {
    this.name = name;
  }

  void add(Round round) {
    all.add(round);
  }

  Figures endRates() {
    return Figures.of(values(Round::endRate));
  }

  void tell(Report report) {
    report.addMedian(name + ": accepted", values(Round::submitRate), "/s");
    report.addMedian(name + ": end to end", values(Round::endRate), "/s");
    tellEach(report, ": CPU ", Round::cpu, " µs/task");
    report.addMedian(
        name + ": CPU, all processes",
        values(round -> round.cpu().values().stream().mapToDouble(Double::doubleValue).sum()),
        " µs/task");
    tellEach(report, ": ", Round::counts, " per task");
  }

  private void tellEach(
      Report report, String infix, Function<Round, Map<String, Double>> of, String unit) {
    Set<String> names = new LinkedHashSet<>();
    all.forEach(round -> names.addAll(of.apply(round).keySet()));
    for (String one : names) {
      List<Double> values = values(round -> of.apply(round).getOrDefault(one, 0.0));
      if (Figures.of(values).most() >= LEAST_TOLD) {
        report.addMedian(name + infix + one, values, unit);
      }
    }
  }

  private List<Double> values(Function<Round, Double> of) {
    return all.stream().map(of).toList();
  }
}
