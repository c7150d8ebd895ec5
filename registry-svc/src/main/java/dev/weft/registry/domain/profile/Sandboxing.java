package dev.weft.registry.domain.profile;

import org.jspecify.annotations.Nullable;

/**
 * How tasks are kept apart there.
 *
 * @param networkOpen the worker lets tasks use its own network
 */
public record Sandboxing(
    SandboxLevel level,
    LimitsScope limitsScope,
    boolean networkOpen,
    @Nullable Isolation isolation,
    @Nullable TaskLimits taskLimits) {}
