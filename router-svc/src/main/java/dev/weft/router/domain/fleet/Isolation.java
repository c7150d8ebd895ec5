package dev.weft.router.domain.fleet;

/**
 * The walls around an attempt, asked for or offered.
 *
 * @param networkOpen the task may use the worker's own network
 */
public record Isolation(SandboxLevel level, boolean networkOpen) {}
