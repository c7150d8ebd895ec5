package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.health.HealthPolicy;
import java.time.Duration;

/**
 * How patient a registry is.
 *
 * @param longestLook a pause between two looks that is longer is a stall of the registry itself
 * @param reconnectGrace how long a worker whose stream closed keeps its state
 * @param silence after how long without a beat an open stream is taken for dead
 * @param memory how long an offline worker is remembered
 * @param mostWorkers how many workers may be known at all
 * @param mostRemovals how many forgotten workers a watch can have missed and still resume
 */
public record FleetRules(
    HealthPolicy health,
    Duration longestLook,
    Duration reconnectGrace,
    Duration silence,
    Duration memory,
    int mostWorkers,
    int mostRemovals) {}
