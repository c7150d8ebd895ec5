package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;

/**
 * How a worker opens its stream.
 *
 * @param incarnation grows with every start of its process
 * @param unacked results that no placer has settled yet
 */
public record Hello(
    WorkerId worker,
    long incarnation,
    List<AttemptKey> running,
    List<Report> unacked,
    Capacity capacity,
    long highestEpoch,
    boolean draining) {}
