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
    Bonuses bonuses) {}
