package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.WorkerId;
import java.util.OptionalDouble;

/**
 * One worker's score and its terms.
 *
 * @param place how well its place suits, where one was preferred
 */
public record ScoredCandidate(
    WorkerId worker,
    double score,
    double capability,
    double load,
    double latency,
    double cost,
    OptionalDouble place) {}
