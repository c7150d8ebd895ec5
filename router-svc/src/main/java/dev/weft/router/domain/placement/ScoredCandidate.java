package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.WorkerId;

/** One worker's score and its terms. */
public record ScoredCandidate(
    WorkerId worker,
    double score,
    double capability,
    double load,
    double latency,
    double cost,
    Bonuses bonuses) {

  ScoredCandidate having(double files) {
    return new ScoredCandidate(
        worker, score, capability, load, latency, cost, bonuses.files(files));
  }

  ScoredCandidate serving(double shard) {
    return new ScoredCandidate(
        worker, score, capability, load, latency, cost, bonuses.shard(shard));
  }
}
