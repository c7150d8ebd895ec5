package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.WorkerId;
import java.util.OptionalDouble;

/**
 * One worker's score and its terms.
 *
 * @param place how well its place suits, where one was preferred
 * @param files how much of the task's files it had, where that was known of anybody
 */
public record ScoredCandidate(
    WorkerId worker,
    double score,
    double capability,
    double load,
    double latency,
    double cost,
    OptionalDouble place,
    OptionalDouble files) {

  ScoredCandidate having(double its) {
    return new ScoredCandidate(
        worker, score, capability, load, latency, cost, place, OptionalDouble.of(its));
  }
}
