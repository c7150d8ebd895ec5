package dev.weft.bench;

import dev.weft.router.domain.placement.Algorithm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What it costs to choose a worker, in this process and on one thread: by each algorithm among few
 * and among many, and of what the placer does for a task in all.
 */
final class Placement implements Benchmark {

  private static final List<Integer> FLEETS = List.of(100, 1_000, 10_000);
  private static final List<Integer> SHAPES = List.of(16, 64);
  private static final int DECISIONS = 50_000;
  private static final int WARM_UPS = 4;
  private static final int COMMITS = 1_000;

  private final LoadOptions load;

  Placement(LoadOptions load) {
    this.load = load;
  }

  @Override
  public String name() {
    return "placement";
  }

  @Override
  public boolean needsMesh() {
    return false;
  }

  @Override
  public void run(Mesh mesh, Report report) {
    for (Algorithm algorithm : Algorithm.values()) {
      decisions(algorithm, report);
    }
    shapes(report);
    dispatch(report);
  }

  /** The fleets take turns, so that a slow moment of the machine meets all. */
  private void decisions(Algorithm algorithm, Report report) {
    List<DecisionLoop> loops =
        FLEETS.stream().map(workers -> new DecisionLoop(algorithm, workers, 1)).toList();
    List<List<Double>> rounds = rounds(loops);
    for (int i = 0; i < FLEETS.size(); i++) {
      report.addMedian(
          String.format(Locale.ROOT, "%s, %,d workers", algorithm, FLEETS.get(i)),
          rounds.get(i),
          " ns of CPU a decision");
    }
    report.add(
        algorithm + ", 10,000 workers beside 100",
        Figures.of(rounds.getLast()).median() / Figures.of(rounds.getFirst()).median(),
        " ×",
        "of the medians");
  }

  private void shapes(Report report) {
    for (int shapes : SHAPES) {
      List<DecisionLoop> loops =
          FLEETS.stream()
              .map(workers -> new DecisionLoop(Algorithm.COMPOSITE, workers, shapes))
              .toList();
      List<List<Double>> rounds = rounds(loops);
      for (int i = 0; i < FLEETS.size(); i++) {
        report.addMedian(
            String.format(
                Locale.ROOT, "COMPOSITE, %d shapes in turn, %,d workers", shapes, FLEETS.get(i)),
            rounds.get(i),
            " ns of CPU a decision");
      }
    }
  }

  private List<List<Double>> rounds(List<DecisionLoop> loops) {
    for (int i = 0; i < WARM_UPS; i++) {
      loops.forEach(loop -> loop.run(DECISIONS));
    }
    List<List<Double>> rounds = new ArrayList<>();
    loops.forEach(loop -> rounds.add(new ArrayList<>()));
    for (int run = 0; run < load.runs; run++) {
      for (int i = 0; i < loops.size(); i++) {
        rounds.get(i).add(loops.get(i).run(DECISIONS));
      }
    }
    return rounds;
  }

  private void dispatch(Report report) {
    for (int workers : FLEETS) {
      Map<Algorithm, CellLoop> cells = new LinkedHashMap<>();
      Map<Algorithm, List<Double>> rates = new LinkedHashMap<>();
      for (Algorithm algorithm : List.of(Algorithm.COMPOSITE, Algorithm.ROUND_ROBIN)) {
        cells.put(algorithm, new CellLoop(algorithm, workers));
        rates.put(algorithm, new ArrayList<>());
      }
      IntStream.range(0, WARM_UPS).forEach(_ -> cells.values().forEach(cell -> cell.run(COMMITS)));
      for (int run = 0; run < load.runs; run++) {
        cells.forEach((algorithm, cell) -> rates.get(algorithm).add(1e9 / cell.run(COMMITS)));
      }
      rates.forEach(
          (algorithm, rate) ->
              report.addMedian(
                  String.format(Locale.ROOT, "dispatch, %s, %,d workers", algorithm, workers),
                  rate,
                  " tasks/s of CPU"));
      double lost =
          1
              - Figures.of(rates.get(Algorithm.COMPOSITE)).median()
                  / Figures.of(rates.get(Algorithm.ROUND_ROBIN)).median();
      report.add(
          String.format(Locale.ROOT, "dispatch, the score beside turns, %,d workers", workers),
          100 * lost,
          " % less",
          "of the medians");
    }
  }
}
