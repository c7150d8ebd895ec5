package dev.weft.router.domain.fleet;

/**
 * What a worker stands on.
 *
 * @param gpuMemoryBytes of its largest GPU; 0 without one
 * @param taskLimit the most that one task can have there; 0 in a field means no limit of its own
 */
public record Machine(long gpuMemoryBytes, Resources taskLimit, Isolation isolation) {}
