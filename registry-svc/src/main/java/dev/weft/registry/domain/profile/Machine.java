package dev.weft.registry.domain.profile;

import org.jspecify.annotations.Nullable;

/** The machine under the worker; what it does not state is null. */
public record Machine(
    Hardware hardware,
    @Nullable NetworkCapability network,
    @Nullable Virtualization virtualization) {}
