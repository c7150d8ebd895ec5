package dev.weft.bench;

import dev.weft.router.domain.placement.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to choose a worker, in this process and on one thread: by each algorithm among few
 * and among many, and of what the placer does for a task in all.
 */
final class Placement implements Benchmark {

  private static final List<Integer> FLEETS = List.of(100, 1_000, 10_000);
  private static final List<Integer> SHAPES = List.of(16, 64);
  private static final int ROUNDS = 5;
  private static final int DECISIONS = 10_000;
  private static final int WARM_UP_DECISIONS = 50_000;
  private static final int COMMITS = 200;
  private static final int WARM_UP_COMMITS = 1_000;
  private static final int WARM_UPS = 4;

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

  /** Many short rounds in turn: so a slow moment of the machine meets all, and few of them. */
  private List<List<Double>> rounds(List<DecisionLoop> loops) {
    for (int i = 0; i < WARM_UPS; i++) {
      loops.forEach(loop -> loop.run(WARM_UP_DECISIONS));
    }
    List<List<Double>> rounds = new ArrayList<>();
    loops.forEach(loop -> rounds.add(new ArrayList<>()));
    for (int run = 0; run < ROUNDS * load.runs; run++) {
      for (int i = 0; i < loops.size(); i++) {
        rounds.get(i).add(loops.get(i).run(DECISIONS));
      }
    }
    return rounds;
  }

  private void dispatch(Report report) {
    for (int workers : FLEETS) {
      CellLoop byScore = new CellLoop(Algorithm.COMPOSITE, workers);
      CellLoop inTurns = new CellLoop(Algorithm.ROUND_ROBIN, workers);
      for (int i = 0; i < WARM_UPS; i++) {
        byScore.run(WARM_UP_COMMITS);
        inTurns.run(WARM_UP_COMMITS);
      }
      List<Double> scoreRates = new ArrayList<>();
      List<Double> turnRates = new ArrayList<>();
      List<Double> lost = new ArrayList<>();
      for (int run = 0; run < ROUNDS * load.runs; run++) {
        scoreRates.add(1e9 / byScore.run(COMMITS));
        turnRates.add(1e9 / inTurns.run(COMMITS));
        lost.add(100 * (1 - scoreRates.getLast() / turnRates.getLast()));
      }
      String among = String.format(Locale.ROOT, "%,d workers", workers);
      report.addMedian("dispatch by score, " + among, scoreRates, " tasks/s of CPU");
      report.addMedian("dispatch in turns, " + among, turnRates, " tasks/s of CPU");
      report.addMedian("dispatch by score, below turns, " + among, lost, " %");
    }
  }
}
