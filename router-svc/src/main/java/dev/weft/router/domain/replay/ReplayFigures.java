package dev.weft.router.domain.replay;

import dev.weft.router.domain.replay.Outcome.End;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * How a workload fared.
 *
 * @param policy what it went by
 * @param workers different ones that were there
 * @param deadlines of the same tasks for every outcome of a workload
 * @param waiting from when a task might start to its first lease
 * @param latency from acceptance to the end, of those that did their work
 */
public record ReplayFigures(
    String policy,
    int workers,
    Map<End, Long> ends,
    Deadlines deadlines,
    Spread waiting,
    Spread latency,
    Costs costs) {

  /** Tasks whose deadline counts, and those of them that ended before it. */
  public record Deadlines(long judged, long met) {}

  /** Median and 99th percentile; zero of nothing. */
  public record Spread(Duration p50, Duration p99) {
    static Spread of(Stream<Outcome> outcomes, ToLongFunction<Outcome> nanos) {
      long[] sorted = outcomes.mapToLong(nanos).toArray();
      Arrays.sort(sorted);
      return new Spread(at(sorted, 50), at(sorted, 99));
    }

    /** The nearest rank. */
    private static Duration at(long[] sorted, int percent) {
      int rank = Math.ceilDiv(sorted.length * percent, 100);
      return rank == 0 ? Duration.ZERO : Duration.ofNanos(sorted[rank - 1]);
    }
  }

  /** What was spent on attempts, and on the whole fleet. */
  public record Costs(Spending attempts, Spending fleet) {}

  static ReplayFigures of(Scenario scenario, Workload workload, List<Outcome> outcomes) {
    Map<End, Long> ends = new EnumMap<>(End.class);
    long judged = 0;
    long met = 0;
    for (Outcome outcome : outcomes) {
      ends.merge(outcome.end(), 1L, Long::sum);
      if (outcome.task().judged(workload.readAt())) {
        judged++;
        met += outcome.inTime() ? 1 : 0;
      }
    }
    return new ReplayFigures(
        scenario.name(),
        scenario.fleet().workers().size(),
        ends,
        new Deadlines(judged, met),
        Spread.of(outcomes.stream().filter(Outcome::leased), Outcome::waitedNanos),
        Spread.of(outcomes.stream().filter(Outcome::worked), Outcome::latencyNanos),
        new Costs(Spending.ofRuns(outcomes), Spending.ofFleet(scenario.fleet(), workload.until())));
  }

  public long count(End end) {
    return ends.getOrDefault(end, 0L);
  }
}
